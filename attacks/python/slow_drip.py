#: what     prints now and then until the wall: what was printed is kept
#: limits   wall_time_ms=500
#: expect   time_limit
#: output   first\nsecond
import time

print("first")
print("second")
while True:
    time.sleep(0.05)

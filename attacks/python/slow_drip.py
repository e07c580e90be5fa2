#: what     a byte every 50 ms until the wall: what was printed is kept
#: id       A-029
#: control  wall_time
#: limits   wall_time_ms=1500
#: expect   time_limit
#: error    longer than
#: output   0123456789
#: wall_ms  2500
import sys, time

for byte in "0123456789":
    sys.stdout.write(byte)
    time.sleep(0.05)
while True:
    sys.stderr.write(".")
    time.sleep(0.05)

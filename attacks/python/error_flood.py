#: what     writes three times the cap to standard error, and waits: it is not let wait
#: id       A-027
#: control  output
#: limits   output_bytes=100000 wall_time_ms=2000
#: expect   output_limit
#: wall_ms  1500
import sys, time

for _ in range(300):
    sys.stderr.write("y" * 1000)
time.sleep(60)

#: what     writes to standard error for ever
#: limits   output_bytes=100000
#: expect   output_limit
import sys

while True:
    sys.stderr.write("y" * 1000)

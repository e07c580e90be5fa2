#: what     prints characters of three bytes for ever: the one that the cap cuts in half is left out
#: id       A-031
#: control  output
#: limits   output_bytes=100000
#: expect   output_limit
#: length   99999
import sys

while True:
    sys.stdout.write("\u20ac")

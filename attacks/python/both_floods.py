#: what     fills the error output exactly to its cap, which takes nothing from the other cap; then floods both in turn
#: id       A-027
#: control  output
#: limits   output_bytes=100000
#: expect   output_limit
#: length   100000
import os


def put(descriptor, count):
    for _ in range(count):
        assert os.write(descriptor, b"x" * 1000) == 1000


put(2, 100)
put(1, 100)
while True:
    put(2, 1)
    put(1, 1)

#: what     writes half a megabyte before it reads as much
#: id       G-06
#: input_bytes 500000
#: expect   ok
#: length   500008
import sys

print("x" * 500_000, flush=True)
print(len(sys.stdin.read()))

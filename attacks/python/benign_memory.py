#: what     64 MiB of live data, and an anonymous mapping: benign
#: id       G-04 G-12
#: limits   memory_kib=131072
#: expect   ok
#: output   67108864
import mmap

block = bytearray(64 << 20)
for page in range(0, len(block), 4096):
    block[page] = 1
mapping = mmap.mmap(-1, 1 << 20)
mapping.write(b"x")
mapping.close()
print(len(block))

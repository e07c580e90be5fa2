#: what     allocates and touches memory until stopped
#: id       A-015
#: control  memory
#: limits   memory_kib=65536
#: expect   memory_limit
#: peak_kib 68812
blocks = []
while True:
    blocks.append(bytearray(1 << 20))

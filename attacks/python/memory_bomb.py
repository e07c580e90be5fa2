#: what     allocates and touches memory until stopped
#: limits   memory_kib=65536
#: expect   memory_limit
#: peak_kib 65536
blocks = []
while True:
    blocks.append(bytearray(1 << 20))

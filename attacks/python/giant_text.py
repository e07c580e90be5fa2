#: what     a text repeated eight thousand million times
#: id       A-024
#: control  memory
#: limits   memory_kib=65536
#: expect   memory_limit
#: peak_kib 68812
print(len(input() * (1 << 33)))

#: what     a list with more elements than 31 bits can count
#: id       A-024
#: control  memory
#: limits   memory_kib=65536
#: expect   memory_limit
#: peak_kib 68812
print(len([0] * (1 << 31)))

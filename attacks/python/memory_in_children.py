#: what     ten processes with a tenth of the limit and more each: the whole box is killed, no survivor reports
#: id       A-017
#: control  memory
#: limits   memory_kib=65536
#: expect   memory_limit
#: length   0
#: peak_kib 68812
import os, time

for _ in range(10):
    if os.fork() == 0:
        block = bytearray(12 << 20)
        time.sleep(5)
        os._exit(0)
time.sleep(0.2)
for _ in range(10):
    os.wait()
print("survived")

#: what     fills /dev/shm, /tmp and the work folder, which share one space, then uses memfd
#: id       A-018
#: control  memory
#: limits   memory_kib=65536 file_bytes=1048576
#: expect   memory_limit
#: peak_kib 68812
import os

block = bytes(1 << 16)
for folder in ("/dev/shm", "/tmp", "/box"):
    try:
        with open(folder + "/fill", "wb") as file:
            while True:
                file.write(block)
                file.flush()
    except OSError as error:
        print(folder, error.errno)
files = []
while True:
    descriptor = os.memfd_create("fill")
    files.append(descriptor)
    for _ in range(15):
        os.write(descriptor, block)

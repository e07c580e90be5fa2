#: what     opens descriptors until refused: 256 in all
#: id       A-036
#: control  open_files
#: expect   ok
#: output   256 24
import os

descriptors = [0, 1, 2]
try:
    while True:
        descriptors.append(os.dup(0))
except OSError as error:
    os.close(descriptors.pop())
    print(len(descriptors) + 1, error.errno)

#: what     no descriptor but the three standard ones, all pipes
#: id       A-083
#: control  descriptors
#: expect   ok
#: output   [(0, True), (1, True), (2, True)]
import os, stat

found = []
for descriptor in range(65536):
    try:
        found.append((descriptor, stat.S_ISFIFO(os.fstat(descriptor).st_mode)))
    except OSError:
        pass
print(found)

#: what     tells everybody who might listen that the program has ended well, leaves an answer, and fails
#: id       A-127
#: control  descriptors
#: mode     function
#: expect   runtime_error
#: error    exit code 3
import os, time
# What PID 1 of the box says when the program has started, and when it has ended with status 0 after 5 ms.
started, ended = b"\x01", b"\x02\x00\x00\x00\xc0\x96\xb1\x02"
with open("/answer", "w") as file:
    file.write("=16")
taken = 0
for descriptor in range(3, 1024):
    for frame in (started, ended):
        try:
            taken += os.write(descriptor, frame)
        except OSError:
            pass
# Whoever believes it has the time to act on it.
time.sleep(0.3)
os._exit(9 if taken else 3)

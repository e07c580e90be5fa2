#: what     writes plausible frames to every descriptor, then fails
#: mode     function
#: expect   runtime_error
#: error    exit code 3
import os
for descriptor in range(3, 1024):
    try:
        os.write(descriptor, b"\x02\x00\x00")
    except OSError:
        pass
os._exit(3)

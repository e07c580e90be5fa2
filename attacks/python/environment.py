#: what     shows the whole environment, as given and as the kernel keeps it
#: id       A-070
#: control  environment
#: expect   ok
#: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
import os

# Python may add this one for itself.
given = sorted(f"{name}={value}" for name, value in os.environ.items() if name != "LC_CTYPE")
with open("/proc/self/environ") as file:
    kept = sorted(filter(None, file.read().split("\0")))
print(*kept, "same" if given == kept else given)

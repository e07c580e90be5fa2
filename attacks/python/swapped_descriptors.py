#: what     swaps its outputs, opens its input for writing, closes everything and ends: what arrived where is kept
#: id       A-128
#: inputs   1;2
#: expect   ok;runtime_error
#: error    ;first
#: output   second
import os

is_good = os.read(0, 1) == b"1"
os.dup2(1, 10)
os.dup2(2, 1)
os.dup2(10, 2)
os.write(1, b"first\n")
os.write(2, b"second\n")
os.close(0)
for path in ("/proc/self/fd/1", "/dev/full"):
    try:
        os.open(path, os.O_WRONLY)
        break
    except OSError:
        pass
try:
    os.write(0, b"third\n")
except OSError:
    pass
os.closerange(0, 1024)
os._exit(0 if is_good else 7)

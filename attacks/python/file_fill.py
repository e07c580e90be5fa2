#: what     fills the scratch space; writing fails for the program only
#: id       A-032
#: control  files
#: limits   file_bytes=1048576
#: expect   ok
#: output   refused True
import os, signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
written, refused = 0, False
try:
    for number in range(100):
        descriptor = os.open(f"/box/fill{number}", os.O_CREAT | os.O_WRONLY)
        written += os.write(descriptor, bytes(100_000))
except OSError as error:
    refused = True
print("refused", refused and written <= 1048576)

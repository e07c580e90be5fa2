#: what     kills every number it can
#: expect   ok|runtime_error
import os, signal

for target in (-1, 1, 0):
    try:
        os.kill(target, signal.SIGSTOP if target == 1 else signal.SIGTERM if target == 0 else 0)
    except OSError:
        pass
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for pid in range(2, 70_000):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
os.kill(-1, signal.SIGKILL)

#: what     kills every number there can be and every group: there is nobody to be found
#: id       A-044
#: control  pid_namespace
#: expect   ok
#: output   held
import errno, os, signal

reached = []

def kill(target, number, right):
    try:
        os.kill(target, number)
        reached.append(f"ESCAPED signal {number} to {target}")
    except OSError as error:
        if error.errno != right:
            reached.append(f"ESCAPED signal {number} to {target}: {errno.errorcode[error.errno]}")

if os.getuid() == 0 or os.getppid() != 1:
    # Nothing is killed where it would do harm.
    print("ESCAPED user", os.getuid(), "parent", os.getppid())
else:
    for number in range(0, 65):
        kill(1, number, errno.EPERM)
    for pid in range(2, 70_000):
        if pid != os.getpid():
            kill(pid, signal.SIGKILL, errno.ESRCH)
            kill(-pid, signal.SIGKILL, errno.ESRCH)
    kill(-1, signal.SIGKILL, errno.ESRCH)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.kill(0, signal.SIGTERM)
    print("\n".join(reached[:20]) or "held")

#: what     looks for the way on which PID 1 is told what to do: descriptors, local sockets, its folder in /proc, signals
#: id       A-119
#: control  descriptors
#: expect   ok
#: output   held
import os, signal, socket, stat

breaches = []
for descriptor in range(65536):
    try:
        kind = os.fstat(descriptor)
    except OSError:
        continue
    if descriptor > 2 or not stat.S_ISFIFO(kind.st_mode):
        breaches.append(f"descriptor {descriptor} of mode {kind.st_mode:o}")
        try:
            # An order to end, if somebody listens.
            os.write(descriptor, b"\2\0\0\0\0")
        except OSError:
            pass
breaches += [path for path in ("/proc/1", "/proc/1/fd", "/proc/1/mem", "/run", "/proc/net/unix") if os.path.lexists(path)]
for name in ("code-runner", "launcher", "runner", "control", "zygote"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_UNIX, kind) as client:
            if client.connect_ex("\0" + name) == 0:
                breaches.append("socket " + name)
for number in (signal.SIGUSR1, signal.SIGTERM, signal.SIGHUP):
    for target in {1, os.getppid()}:
        try:
            os.kill(target, number)
            breaches.append(f"signal to {target}")
        except PermissionError:
            pass
print("\n".join("ESCAPED " + breach for breach in breaches) or "held")

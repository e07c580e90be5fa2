#: what     sockets of every family but the local one are refused at once; nothing is sent
#: id       A-097
#: control  seccomp
#: expect   ok
#: output   refused
import socket

allowed = []
for family in range(0, 51):
    if family == socket.AF_UNIX:
        continue
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind).close()
            allowed.append((family, kind))
        except OSError:
            pass
print(allowed or "refused")

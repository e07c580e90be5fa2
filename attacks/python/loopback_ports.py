#: what     connects to each port of the loopback addresses
#: id       A-109
#: control  network+seccomp+landlock
#: expect   ok
#: output   held
import errno
import socket

escaped, causes = [], set()
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    for port in range(1, 65536):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as connection:
                connection.connect((host, port))
            escaped.append(f"ESCAPED port {port} of {host} is open")
        except OSError as error:
            causes.add(error.errno)
if causes != {errno.EPERM}:
    escaped.append(f"ESCAPED an attempt had a socket: {causes}")
print("\n".join(escaped) or "held")

#: what     TCP, UDP, ICMP and a question for a name, to addresses of both versions: all fail at once
#: id       A-107
#: control  network+seccomp+landlock
#: expect   ok
#: output   held
import socket
import time

# Addresses of documentation, where nobody is, and datagrams to the loopback address, which every network carries.
TARGETS = [
    ("198.51.100.7", 80, socket.SOCK_STREAM, 0), ("2001:db8::7", 443, socket.SOCK_STREAM, 0),
    ("198.51.100.7", 53, socket.SOCK_DGRAM, 0), ("2001:db8::7", 53, socket.SOCK_DGRAM, 0),
    ("127.0.0.1", 9, socket.SOCK_DGRAM, 0), ("203.0.113.7", 0, socket.SOCK_DGRAM, socket.IPPROTO_ICMP),
    ("2001:db8::7", 0, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6), ("203.0.113.7", 0, socket.SOCK_RAW, socket.IPPROTO_ICMP),
]


def reaches(host, port, kind, protocol):
    """Whether something left the box, or waits for an answer."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind, protocol) as connection:
            connection.settimeout(0.2)
            connection.connect((host, port))
            # An echo request, a question to a name server: what it is does not matter.
            connection.send(b"\x08\0\xf7\xff" + bytes(12))
        return True
    except (TimeoutError, ConnectionRefusedError):
        return True
    except OSError:
        return False


escaped = []
for target in TARGETS:
    times, reached = [], False
    # The quickest of three: a busy machine is no network.
    for _ in range(3):
        start = time.monotonic()
        reached = reaches(*target) or reached
        times.append(time.monotonic() - start)
    if reached or min(times) > 0.05:
        escaped.append(f"ESCAPED {target}, {min(times):.3f} s")
try:
    escaped.append(f"ESCAPED a name: {socket.gethostbyname('example.invalid')}")
except OSError:
    pass
print("\n".join(escaped) or "held")

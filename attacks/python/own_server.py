#: what     two programs at the same time want the same port and the same path for a server of their own, and talk to themselves
#: id       A-112
#: control  network+seccomp+landlock
#: copies   2
#: expect   ok
#: output   held
import errno
import os
import socket
import threading
import time

escaped = []
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::1")):
    try:
        socket.create_server((host, 18112), family=family).close()
        escaped.append(f"ESCAPED a server at {host}")
    except OSError as error:
        if error.errno != errno.EPERM:
            escaped.append(f"ESCAPED {host}: {error}")

# A local socket is what a program may have.
os.chdir("/tmp")
server = socket.socket(socket.AF_UNIX)
server.bind("server")
server.listen()


def serve():
    for _ in range(20):
        connection, _ = server.accept()
        with connection:
            connection.send(str(os.getpid()).encode() + connection.recv(64))


threading.Thread(target=serve, daemon=True).start()
for number in range(20):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("/tmp/server")
        client.send(b" %d" % number)
        answer = client.recv(64).decode()
        if answer != f"{os.getpid()} {number}":
            escaped.append(f"ESCAPED somebody else's answer: {answer}")
    time.sleep(0.02)
print("\n".join(escaped) or "held")

"""HTTP as cheaply as Python can have it.

The client shares the processors with the server it measures. So requests are bytes that are put together once, several
may be sent before the first answer is read, and an answer's head is searched for the two things that matter.
"""
import socket

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length: "


class Connection:
    """One connection that stays open, with the key of its client."""

    def __init__(self, port, key):
        self.key = key
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.head = b""  # Of the last answer, in small letters.

    def request(self, method, path, body=b""):
        """The bytes of a request."""
        return (
            f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {self.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(self, requests):
        self.socket.sendall(requests)

    def answer(self):
        """The status and the body of the next answer, in the order of the requests."""
        while (end := self.received.find(_END_OF_HEAD)) < 0:
            self._receive()
        head = self.head = self.received[:end].lower()
        length = head.index(_LENGTH) + len(_LENGTH)
        body = end + len(_END_OF_HEAD)
        after = body + int(head[length:].split(b"\r\n", 1)[0])
        while len(self.received) < after:
            self._receive()
        answer = int(head[9:12]), self.received[body:after]
        self.received = self.received[after:]
        return answer

    def ask(self, method, path, body=b""):
        self.send(self.request(method, path, body))
        return self.answer()

    def close(self):
        self.socket.close()

    def _receive(self):
        more = self.socket.recv(1 << 18)
        if not more:
            raise ConnectionError("the server closed the connection")
        self.received += more

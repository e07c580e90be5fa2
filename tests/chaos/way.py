"""A way to a TCP server that fails as networks do: slow, with messages that are lost, held in a direction, or led elsewhere.

Each connection has a thread for each direction that reads, and one that writes what is due. It knows no protocol. `crates/testdb`
has the same for tests in Rust.
"""
import queue
import socket
import threading
import time

THERE, BACK = "there", "back"
MOST_PIECES, MOST_BYTES = 256, 16384


class Way:
    """What uses it connects to `port` of this host. `chance` decides what is lost."""

    def __init__(self, target, chance):
        self.target, self.chance = target, chance
        # Seconds in each direction; of a hundred messages to the server, how many end their connection.
        self.delay, self.loss = 0.0, 0
        self.held, self.changed = set(), threading.Condition()
        self.open, self.lost = set(), 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, direction):
        """Lets nothing through in this direction, on old connections and new ones."""
        with self.changed:
            self.held.add(direction)

    def let_go(self):
        """Lets everything through, what was held first."""
        with self.changed:
            self.held.clear()
            self.changed.notify_all()

    def lead_to(self, target):
        """Ends every connection; new ones lead to there."""
        with self.changed:
            self.target = target
            for pair in self.open:
                _end(pair)
            self.open.clear()
            self.changed.notify_all()

    def close(self):
        self.listener.close()
        self.let_go()
        self.lead_to(self.target)

    def _accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            try:
                far = socket.create_connection(self.target, timeout=10)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            pair = (near, far)
            with self.changed:
                self.open.add(pair)
            for direction, source, sink in ((THERE, near, far), (BACK, far, near)):
                sink.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line = queue.Queue(MOST_PIECES)
                threading.Thread(target=self._read, args=(source, line), daemon=True).start()
                threading.Thread(target=self._write, args=(direction, pair, sink, line), daemon=True).start()

    def _read(self, source, line):
        piece = b"x"
        while piece:
            try:
                piece = source.recv(MOST_BYTES)
            except OSError:
                piece = b""
            line.put((time.monotonic() + self.delay, piece))

    def _write(self, direction, pair, sink, line):
        piece = b"x"
        while piece:
            due, piece = line.get()
            time.sleep(max(0, due - time.monotonic()))
            with self.changed:
                self.changed.wait_for(lambda: direction not in self.held or pair not in self.open)
                lost = bool(piece) and direction == THERE and self.chance.random() * 100 < self.loss
                self.lost += lost
                # Half of them have arrived, and it is the answer that does not come.
                arrives = not lost or self.chance.random() < 0.5
            try:
                if piece and arrives:
                    sink.sendall(piece)
                if not piece or lost:
                    break
            except OSError:
                break
        with self.changed:
            self.open.discard(pair)
            self.changed.notify_all()
        _end(pair)
        # Whoever reads on has room to.
        while piece:
            piece = line.get()[1]


def _end(pair):
    for end in pair:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It has ended.

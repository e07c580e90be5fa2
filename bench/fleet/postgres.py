"""A PostgreSQL of Debian's for one measurement: its own cluster in a temporary folder, durable as installed.

It is a child process and runs as `postgres`, because PostgreSQL refuses to be root. `Listener` is a client that hears
notices and throws them away, in as few lines as the protocol allows.
"""
import glob
import os
import re
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import machine

USER = "postgres"
# How long a start may take, in seconds.
PATIENCE = 60
# What differs from Debian's configuration. Nothing here makes a commit less durable.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "max_connections": "300", "shared_buffers": "256MB",
    "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track": "all",
}


class Postgres:
    """A server on a free port. `with Postgres() as database:` stops it and removes its folder at the end."""

    def __enter__(self):
        self.bin = _newest()
        # PostgreSQL leaves the folder of whoever starts it, and so it has to be one that it may enter.
        self.folder = tempfile.mkdtemp(prefix="code-runner-fleet-", dir="/tmp")
        self.as_user = {"cwd": self.folder}
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
            self.as_user |= {"user": USER, "group": USER, "extra_groups": []}
        self.process = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self):
        self.data = os.path.join(self.folder, "data")
        self._initialise()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start_again()
        self._prepare()

    def _initialise(self):
        """Makes the folder of the data."""
        self.tool("initdb", "--pgdata", self.data, "--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C")

    def _prepare(self):
        """What is done first, when it answers."""
        self.sql("CREATE EXTENSION pg_stat_statements")

    def start_again(self):
        """Starts the server, and returns when it answers. What a killed one left may keep it from starting for a moment."""
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [f"{self.bin}/postgres", "-D", self.data, "-p", str(self.port), "-k", self.folder, *options]
        deadline = time.monotonic() + PATIENCE
        while True:
            with open(os.path.join(self.folder, "messages"), "ab") as messages:
                self.process = subprocess.Popen(command, stdout=messages, stderr=messages, **self.as_user)
            while self.process.poll() is None:
                try:
                    self.tool("pg_isready", "--host", "127.0.0.1", "--port", str(self.port))
                    return
                except RuntimeError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.1)
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.1)

    def kill(self):
        """SIGKILL for the server and all its processes."""
        for process in reversed(machine.tree(self.process.pid)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass  # It went with another.
        self.process.wait()

    def prepare_pgbench(self):
        """The tables of pgbench."""
        at = ["--host", "127.0.0.1", "--port", str(self.port), "--username", USER]
        self.tool("pgbench", *at, "--initialize", "--scale", "10", "--quiet", USER)

    def url(self, database=USER):
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def tool(self, name, *arguments):
        """What a program of PostgreSQL's prints."""
        done = subprocess.run([f"{self.bin}/{name}", *arguments], capture_output=True, text=True, **self.as_user)
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.strip()[-500:]}")
        return done.stdout

    def sql(self, statement, database=USER):
        """The rows of a statement, each a list of texts."""
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--username", USER, "--dbname", database]
        printed = self.tool("psql", *address, "--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1",
                            "--command", statement)
        return [line.split("|") for line in printed.splitlines() if line]

    def pgbench(self, *arguments):
        """Transactions a second, and the mean latency of one in milliseconds."""
        printed = self.tool("pgbench", "--host", "127.0.0.1", "--port", str(self.port), "--username", USER, *arguments, USER)
        rate = float(re.search(r"^tps = ([\d.]+)", printed, re.MULTILINE)[1])
        return rate, float(re.search(r"^latency average = ([\d.]+)", printed, re.MULTILINE)[1])

    def cpu_s(self):
        """Processor time of all its processes so far, those that have ended included."""
        total = 0
        for process in machine.tree(self.process.pid):
            try:
                total += machine.cpu_s(process)
            except OSError:
                pass  # It has ended since it was listed, and its parent has its time.
        return total

    def counters(self, database=USER):
        """Transactions, statements, WAL bytes and flushes so far."""
        (commits,) = self.sql(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{database}'")[0]
        (calls,) = self.sql("SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements s "
                            f"JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '{database}' AND s.toplevel")[0]
        wal, syncs = self.sql("SELECT wal_bytes::bigint, wal_sync FROM pg_stat_wal")[0]
        return {"commits": int(commits), "statements": int(calls), "wal_bytes": int(wal), "wal_syncs": int(syncs)}


class Listeners:
    """So many connections that listen on a channel, read by one thread."""

    def __init__(self, port, channel, count):
        self.selector = selectors.DefaultSelector()
        self.connections = [_listening(port, channel) for _ in range(count)]
        for connection in self.connections:
            self.selector.register(connection, selectors.EVENT_READ)
        self.bytes = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        while not self.done.is_set():
            for key, _ in self.selector.select(timeout=0.1):
                self.bytes += len(key.fileobj.recv(1 << 16))

    def close(self):
        self.done.set()
        self.thread.join()
        self.selector.close()
        for connection in self.connections:
            connection.close()


def _listening(port, channel):
    """A connection on which LISTEN was answered."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    words = f"user\0{USER}\0database\0{USER}\0\0".encode()
    connection.sendall(struct.pack("!II", len(words) + 8, 196608) + words)
    _until_ready(connection)
    query = f"LISTEN {channel}\0".encode()
    connection.sendall(b"Q" + struct.pack("!I", len(query) + 4) + query)
    _until_ready(connection)
    return connection


def _until_ready(connection):
    """Reads messages up to ReadyForQuery."""
    def exactly(count):
        received = b""
        while len(received) < count:
            more = connection.recv(count - len(received))
            if not more:
                raise ConnectionError("PostgreSQL closed the connection")
            received += more
        return received

    while True:
        kind, length = struct.unpack("!cI", exactly(5))
        body = exactly(length - 4)
        if kind == b"E":
            raise ConnectionError(f"PostgreSQL says {body!r}")
        if kind == b"Z":
            return


def _newest():
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    if not found:
        sys.exit("bench/fleet: there is no PostgreSQL here: scripts/apt-install postgresql")
    newest = max(found, key=lambda path: int(path.split("/")[4]))
    return os.path.dirname(newest)

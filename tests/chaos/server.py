"""A server that is killed and started again on the same folders, and what there is of it on this host."""
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How long a start may take before it counts as failed, and how long anything may take to go, in seconds.
START = 60
GONE = 5
POLL = 0.002


class Failed(Exception):
    """The server does not do what it has to. Fits after the name of a scenario."""


class Server:
    """`code-runner serve` on one port and one set of folders, however often its process ends.

    `settings` are further environment variables. `data` may be on a filesystem of its own. A start may take `start_s` seconds.
    """

    def __init__(self, program, folder, data=None, start_s=START, **settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start_s = start_s
        self.program, self.folder = program, pathlib.Path(folder)
        self.data = pathlib.Path(data or self.folder / "data")
        self.key = secrets.token_hex(32)
        self.environment = {
            "API_TOKEN": self.key,
            "CODE_RUNNER_LISTEN": f"127.0.0.1:{self.port}",
            "CODE_RUNNER_DATA_DIR": str(self.data),
            "CODE_RUNNER_LOG_DIR": str(self.folder / "logs"),
            "CODE_RUNNER_LANGUAGES_DIR": str(ROOT / "languages"),
            "CODE_RUNNER_WORKERS": "2",
            "PATH": os.environ["PATH"],
            **settings,
        }
        self.process = None
        # Of every process there was: the name of its cgroups, and its launcher as (process id, time of its start).
        self.instances, self.launchers = [], []

    def make_key(self, name):
        """A further key, and its secret."""
        command = [self.program, "keys", "make", name]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()

    def start(self, until_ready=True):
        """Starts the process; gives the seconds until `/health/ready` says 200."""
        begin = time.perf_counter()
        with open(self.folder / "messages", "ab") as messages:
            self.process = subprocess.Popen(
                [self.program, "serve"], env=self.environment, stdout=messages, stderr=messages, cwd=self.folder
            )
        return self.wait_until_ready(begin) if until_ready else None

    def wait_until_ready(self, begin):
        while self.status_of("/health/ready") != 200:
            if self.process.poll() is not None:
                raise Failed(f"the server ended: {self.last_words()}")
            if time.perf_counter() > begin + self.start_s:
                raise Failed(f"the server is not ready after {self.start_s} s: {self.last_words()}")
            time.sleep(POLL)
        took = time.perf_counter() - begin
        self._remember()
        return took

    def status_of(self, path):
        """The status of a GET, or None if nobody answers."""
        try:
            return self.ask("GET", path)[0]
        except OSError:
            return None

    def ask(self, method, path, body=None, key=None, timeout=60):
        """One request on a connection of its own: the status and the body. OSError if there is no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"x-api-key": key or self.key, "content-type": "application/json"}
            connection.request(method, path, json.dumps(body).encode() if body else None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise OSError(f"no whole answer: {error!r}") from error
        finally:
            connection.close()

    def metrics(self):
        return json.loads(self.ask("GET", "/metrics")[1])

    def kill(self):
        """SIGKILL, and the end of the process."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM, and an end that has to be a good one."""
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=60) != 0:
            raise Failed(f"the server did not end well: {self.last_words()}")

    def abandon(self):
        """Ends whatever is still there."""
        if self.process and self.process.poll() is None:
            self.kill()

    def last_words(self):
        lines = (self.folder / "messages").read_text(errors="replace").splitlines()
        return " / ".join(lines[-5:])

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def database(self):
        """The rows of the store, while no server runs."""
        return sqlite3.connect(f"file:{self.data / 'code-runner.sqlite'}?mode=ro", uri=True)

    def logged(self):
        """The exec_ids of the execution log, in its order."""
        lines = [line for file in sorted((self.folder / "logs").iterdir()) for line in file.read_text().splitlines()]
        return [json.loads(line)["exec_id"] for line in lines]

    def _remember(self):
        """Notes what this process has of the host. If it dies meanwhile, there is nothing to note."""
        try:
            pid = self.process.pid
            launcher = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
            files = [os.readlink(file) for file in pathlib.Path(f"/proc/{launcher}/fd").iterdir()]
            self.instances.append(pathlib.Path(next(file for file in files if file.endswith(".lock"))).read_text())
            self.launchers.append((launcher, started(launcher)))
        except (OSError, IndexError, StopIteration):
            pass


def started(pid):
    """When a process started, in ticks since the host did; None if it is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return None


def left(server, instances, mounts_before):
    """What of these instances is still on the host after a while, in words."""
    deadline = time.perf_counter() + GONE
    while (found := _left_now(server, instances, mounts_before)) and time.perf_counter() < deadline:
        time.sleep(0.02)
    return found


def _left_now(server, instances, mounts_before):
    found = [f"cgroup {path}" for name in instances for path in cgroups(name)]
    running = server.process.poll() is None
    for pid, start in server.launchers[: -1 if running else None]:
        if started(pid) == start:
            found.append(f"launcher {pid}")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            of = pathlib.Path(f"/proc/{pid}/cgroup").read_text()
        except OSError:
            continue
        found.extend(f"process {pid} of {name}" for name in instances if f"/{name}" in of)
    found.extend(f"mount {line}" for line in sorted(mounts() - mounts_before) if str(server.folder) in line)
    return found


def cgroups(name):
    """The directories of this name; an instance has one in each hierarchy, at its top or one below."""
    root = pathlib.Path("/sys/fs/cgroup")
    return [path for pattern in (name, f"*/{name}", f"*/*/{name}") for path in root.glob(pattern)]


def mounts():
    # The first two fields are numbers that the kernel gives out again.
    return {line.split(" ", 2)[2] for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()}

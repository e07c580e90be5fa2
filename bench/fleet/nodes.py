"""Processes of Code Runner that share a PostgreSQL: API nodes (`serve --no-worker`) and workers (`worker`).

Each has folders, a port and a name of its own. Who kills them, and what they are asked, is for others.
"""
import http.client
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "target/x86_64-unknown-linux-gnu/release/code-runner"
# How long a start or an end may take before it counts as failed, in seconds.
PATIENCE = 60
POLL = 0.01
ROLES = {"api": ["serve", "--no-worker"], "worker": ["worker"]}


class Failed(Exception):
    """A node does not do what it has to."""


class Node:
    """One process, however often it ends and is started again. `role` is `api` or `worker`."""

    def __init__(self, program, role, name, folder, store, key, **settings):
        self.program, self.role, self.name = str(program), role, name
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.key = key
        self.environment = {
            "API_TOKEN": key,
            "CODE_RUNNER_STORE": store,
            "CODE_RUNNER_NODE_NAME": name,
            "CODE_RUNNER_LISTEN": f"127.0.0.1:{self.port}",
            "CODE_RUNNER_DATA_DIR": str(self.folder / "data"),
            "CODE_RUNNER_LOG_DIR": str(self.folder / "logs"),
            "CODE_RUNNER_LANGUAGES_DIR": str(ROOT / "languages"),
            "CODE_RUNNER_LOG": "warn",
            "PATH": os.environ["PATH"],
            # Not to be looked up: a static program can not ask who it is.
            "HOME": str(self.folder), "USER": "code-runner",
            **settings,
        }
        self.process = None

    def start(self, until_ready=True, command=()):
        """Starts the process; `command` goes before it."""
        with open(self.folder / "messages", "ab") as messages:
            self.process = subprocess.Popen(
                [*command, self.program, *ROLES[self.role]], env=self.environment, stdout=messages, stderr=messages,
                cwd=self.folder,
            )
        if until_ready:
            self.wait_until_ready()

    def wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended: {self.last_words()}")
            if time.monotonic() > deadline:
                raise Failed(f"{self.name} is not ready after {PATIENCE} s: {self.last_words()}")
            time.sleep(POLL)

    def is_ready(self):
        try:
            return self.ask("GET", "/health/ready", timeout=5)[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, key=None, timeout=60, **headers):
        """One request on a connection of its own: the status and the body. OSError if there is no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"x-api-key": key or self.key, "content-type": "application/json", **headers}
            connection.request(method, path, json.dumps(body).encode() if body else None, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise OSError(f"no whole answer: {error!r}") from error
        finally:
            connection.close()

    def signal(self, which):
        self.process.send_signal(which)

    def kill(self):
        """SIGKILL, and the end of the process."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM, and an end that has to be a good one."""
        self.process.send_signal(signal.SIGTERM)
        if (status := self.process.wait(timeout=PATIENCE)) != 0:
            raise Failed(f"{self.name} ended with {status}: {self.last_words()}")

    def abandon(self):
        """Ends it if it is there."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()

    def last_words(self):
        return " / ".join((self.folder / "messages").read_text(errors="replace").splitlines()[-5:])

    def logged(self):
        """The lines of its execution log, in their order."""
        files = sorted((self.folder / "logs").glob("*.log"))
        return [json.loads(line) for file in files for line in file.read_text().splitlines() if line]


def fleet(program, folder, store, apis, workers, **settings):
    """So many API nodes and workers with one key; none is started."""
    key = secrets.token_hex(32)
    # An API node is nobody in particular, and has to be able to enter.
    os.chmod(folder, 0o755)
    names = [("api", f"api-{number}") for number in range(apis)]
    names += [("worker", f"worker-{number}") for number in range(workers)]
    return [Node(program, role, name, folder, store, key, **settings) for role, name in names]

"""A server to measure, and a client for it."""
import json
import os
import secrets
import socket
import subprocess
import sys
import time

from client import Connection

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "target/x86_64-unknown-linux-gnu/release/code-runner")


class Server:
    """A server of its own on a free port, with its data in `folder`, and one connection to it.

    `settings` are further environment variables. `ready_s` is the time from the start of the process to the first
    `GET /health` that is answered with 200.
    """

    def __init__(self, folder, **settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.key = secrets.token_hex(16)
        environment = {
            "API_TOKEN": self.key,
            "CODE_RUNNER_LISTEN": f"127.0.0.1:{self.port}",
            "CODE_RUNNER_DATA_DIR": os.path.join(folder, "data"),
            "CODE_RUNNER_LOG_DIR": os.path.join(folder, "logs"),
            "CODE_RUNNER_LANGUAGES_DIR": os.path.join(ROOT, "languages"),
            "CODE_RUNNER_LOG": "warn",
            # A connection stays open while others have their turn.
            "CODE_RUNNER_HEADER_TIMEOUT_MS": "3600000",
        }
        command = [os.path.join(ROOT, "scripts/as-root"), PROGRAM, "serve"]
        start = time.perf_counter()
        self.process = subprocess.Popen(command, env={**environment, **settings, "PATH": os.environ["PATH"]})
        self.connection = None
        try:
            self._wait_until_ready(start + 30)
        except BaseException:
            self.stop()
            raise
        self.ready_s = time.perf_counter() - start

    def _wait_until_ready(self, deadline):
        while True:
            try:
                self.connection = self.connection or self.connect()
                if self.request("GET", "/health")[0] == 200:
                    return
            except OSError:
                self.connection = None
            if self.process.poll() is not None or time.perf_counter() > deadline:
                sys.exit("bench: the server did not start")
            time.sleep(0.005)

    def connect(self):
        return Connection(self.port, self.key)

    def request(self, method, path, body=None):
        status, answer = self.connection.ask(method, path, json.dumps(body).encode() if body else b"")
        return status, json.loads(answer)

    def submit(self, body):
        status, answer = self.request("POST", "/run", body)
        assert status == 202, answer
        return answer["exec_id"]

    def result(self, exec_id):
        """Waits until the result is there."""
        request = self.connection.request("GET", f"/result/{exec_id}?wait=30")
        while True:
            self.connection.send(request)
            status, answer = self.connection.answer()
            if status == 200:
                return json.loads(answer)
            assert status == 202, answer

    def wait_for_self_tests(self):
        """Returns when every language that this host has was tried out."""
        while any(one["available"] and not one["self_test"] for one in self.request("GET", "/languages")[1]["languages"]):
            time.sleep(0.1)

    def stop(self):
        if self.connection:
            self.connection.close()
        self.process.terminate()
        self.process.wait()

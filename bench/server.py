"""A server to measure, and a client for it."""
import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(ROOT, "target/x86_64-unknown-linux-gnu/release/code-runner")


class Server:
    """A server of its own on a free port, with its data in `folder`, and one connection to it."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.key = secrets.token_hex(16)
        environment = {
            "API_TOKEN": self.key,
            "CODE_RUNNER_LISTEN": f"127.0.0.1:{port}",
            "CODE_RUNNER_DATA_DIR": os.path.join(folder, "data"),
            "CODE_RUNNER_LOG_DIR": os.path.join(folder, "logs"),
            "CODE_RUNNER_LANGUAGES_DIR": os.path.join(ROOT, "languages"),
            "CODE_RUNNER_LOG": "warn",
        }
        command = [os.path.join(ROOT, "scripts/as-root"), PROGRAM, "serve"]
        self.process = subprocess.Popen(command, env={**environment, "PATH": os.environ["PATH"]})
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        deadline = time.monotonic() + 30
        while True:
            try:
                if self.request("GET", "/health")[0] == 200:
                    return
            except OSError:
                self.connection.close()
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit("bench: the server did not start")
            time.sleep(0.02)

    def request(self, method, path, body=None):
        headers = {"x-api-key": self.key, "content-type": "application/json"}
        self.connection.request(method, path, body and json.dumps(body), headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def submit(self, body):
        status, answer = self.request("POST", "/run", body)
        assert status == 202, answer
        return answer["exec_id"]

    def result(self, exec_id):
        while True:
            status, answer = self.request("GET", f"/result/{exec_id}")
            if status == 200:
                return answer
            time.sleep(0.0005)

    def stop(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

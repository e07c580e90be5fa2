"""C-46: a fleet is brought from one program to another, node by node, while clients go on. No request may fail.

The nodes are stopped with SIGTERM and started again as the other program, workers first. Clients do what a balancer
does: they ask `/health/ready` of each API node, and send a request to one that said 200 lately. A node that is told to stop
says 503 there for a while before it closes, which is what makes this possible.
"""
import json
import pathlib
import sys
import threading
import time

import work

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench/fleet"))
import nodes
from postgres import Postgres

APIS, WORKERS = 2, 2
# How often a balancer looks, and how long a node that stops goes on to answer.
LOOK_S, NOTICE_MS = 0.1, 1000
LANES = 8


class Balancer:
    """Sends each request to the next of the API nodes that are ready."""

    def __init__(self, apis):
        self.apis, self.ready, self.number = apis, list(apis), 0
        self.lock, self.done = threading.Lock(), threading.Event()
        self.failed, self.answered = [], 0
        self.thread = threading.Thread(target=self._look)
        self.thread.start()

    def _look(self):
        while not self.done.wait(LOOK_S):
            self.ready = [api for api in self.apis if api.is_ready()]

    def close(self):
        self.done.set()
        self.thread.join()

    def ask(self, method, path, body=None):
        """The answer, or None; what is no good answer is kept in words."""
        with self.lock:
            self.number += 1
            ready = self.ready
            api = ready[self.number % len(ready)] if ready else None
        try:
            status, answer = api.ask(method, path, body) if api else (None, b"no node was ready")
        except OSError as error:
            status, answer = None, repr(error).encode()
        with self.lock:
            self.answered += 1
            if status not in (200, 202):
                self.failed.append(f"{method} {path}: {status} {answer.decode(errors='replace')[:150]}")
                return None
        return status, answer


def run(former, program, folder):
    """Returns lines of figures and a list of what is wrong."""
    with Postgres() as database:
        settings = {"CODE_RUNNER_WORKERS": "2", "CODE_RUNNER_DRAIN_NOTICE_MS": str(NOTICE_MS)}
        members = nodes.fleet(former, folder, database.url(), APIS, WORKERS, **settings)
        balancer, stop, done, failures = None, threading.Event(), [], []
        try:
            for node in members:
                node.start()
            balancer = Balancer([node for node in members if node.role == "api"])
            lanes = [threading.Thread(target=_lane, args=(balancer, stop, done, failures)) for _ in range(LANES)]
            for lane in lanes:
                lane.start()
            begin = time.perf_counter()
            for node in sorted(members, key=lambda node: node.role == "api"):
                before = len(done)
                node.stop()
                node.program = program
                node.start()
                # The next goes when this one has taken part.
                while len(done) < before + 2 * LANES and not failures:
                    time.sleep(LOOK_S)
            took = time.perf_counter() - begin
            stop.set()
            for lane in lanes:
                lane.join()
            metrics = json.loads(members[0].ask("GET", "/metrics")[1])
        finally:
            stop.set()
            if balancer:
                balancer.close()
            for node in members:
                node.abandon()
    problems = balancer.failed + failures
    if metrics["total_executions"] != len(done) or metrics["in_progress"]:
        problems.append(f"{len(done)} results were fetched, and the totals say {metrics}")
    return [f"{len(members)} nodes in {took:.1f} s: {len(done)} submissions, {balancer.answered} requests, "
            f"{len(balancer.failed)} of them failed"], problems


def _lane(balancer, stop, done, failures):
    number = 0
    while not stop.is_set():
        number += 1
        submission = work.quick(number)
        accepted = balancer.ask("POST", "/run", submission.body)
        if accepted is None:
            return
        exec_id = json.loads(accepted[1])["exec_id"]
        answer = (202, b"")
        while answer and answer[0] == 202:
            answer = balancer.ask("GET", f"/result/{exec_id}?wait=2")
        if answer is None:
            return
        submission.exec_id, submission.result = exec_id, answer[1]
        if submission.wrong():
            failures.append(submission.wrong())
            return
        done.append(exec_id)

"""Clients that send each submission under a key of its own until it is accepted, and fetch its result, at any API node.

So nothing may be there twice, whatever was refused or lost: at the end there are as many rows, reports and counted executions as there
were submissions.
"""
import json
import threading
import time

import work
from server import Failed

# How long all of it may take, in seconds.
PATIENCE = 900


class Clients:
    """So many lanes, each of which sends one submission after the other until told to stop, or `count` have been sent."""

    def __init__(self, apis, lanes, chance, count=None):
        self.apis, self.chance, self.count = apis, chance, count
        self.lock, self.stopped = threading.Lock(), threading.Event()
        self.done, self.accepted, self.sent, self.refused, self.unanswered = [], 0, 0, 0, 0
        self.slowest, self.wrong, self.deadline = 0.0, [], time.monotonic() + PATIENCE
        self.lanes = [threading.Thread(target=self._lane, daemon=True) for _ in range(lanes)]
        for lane in self.lanes:
            lane.start()

    def stop(self):
        """No new ones; returns when those that were sent are final."""
        self.stopped.set()
        self.join()

    def join(self):
        for lane in self.lanes:
            lane.join()

    def _lane(self):
        try:
            while not self.stopped.is_set():
                with self.lock:
                    if self.sent == self.count:
                        return
                    self.sent += 1
                    submission = work.quick(self.sent)
                accepted = self._until(202, "POST", "/run", submission.body, {"idempotency-key": f"n{submission.number}"})
                with self.lock:
                    self.accepted += 1
                submission.exec_id = json.loads(accepted)["exec_id"]
                submission.result = self._until(200, "GET", f"/result/{submission.exec_id}?wait=2", None, {})
                with self.lock:
                    self.done.append(submission)
        except Exception as error:
            self.wrong.append(repr(error))

    def _until(self, wanted, method, path, body, headers):
        """The body of the first answer with this status. 202 and 503 are what else there may be."""
        while time.monotonic() < self.deadline:
            with self.lock:
                api = self.chance.choice(self.apis)
            begin = time.monotonic()
            try:
                status, answer = api.ask(method, path, body, **headers)
            except OSError:
                with self.lock:
                    self.unanswered += 1
                time.sleep(work.PAUSE)
                continue
            if status == wanted:
                return answer
            with self.lock:
                if status == 503:
                    self.refused += 1
                    self.slowest = max(self.slowest, time.monotonic() - begin)
                elif status != 202:
                    self.wrong.append(f"{method} {path}: {status} {answer.decode(errors='replace')[:200]}")
            time.sleep(work.PAUSE)
        raise Failed(f"{method} {path} was never answered with {wanted}")

    def held(self, database):
        """Lines of figures and what is wrong, when all is final: asked of every API node and of the database."""
        rows, reports, queued = (
            int(database.sql(f"SELECT count(*) FROM {table}")[0][0]) for table in ("submissions", "reports", "queue")
        )
        problems = list(self.wrong) + [submission.wrong() for submission in self.done if submission.wrong()]
        for api in self.apis:
            problems += [
                f"{submission.exec_id} is another one at {api.name}" for submission in self.done
                if api.ask("GET", f"/result/{submission.exec_id}")[1] != submission.result
            ]
        totals = json.loads(self.apis[0].ask("GET", "/metrics")[1])
        counted = totals["total_executions"]
        if not len(self.done) == self.sent == rows == reports == counted or queued:
            problems.append(
                f"{self.sent} sent, {len(self.done)} final, {rows} rows, {reports} reports, {counted} counted, {queued} queued"
            )
        lines = [
            f"{self.sent} submissions, {len(self.done)} final, {reports} reports",
            f"{self.refused} answers were 503, the slowest after {self.slowest:.1f} s; {self.unanswered} requests had none",
        ]
        return lines, problems

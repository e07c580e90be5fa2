"""Submissions whose whole answer is known beforehand, and the clients that submit them and insist on their results."""
import json
import threading
import time

# Seconds between two looks of a client that waits, and the longest it waits for one result.
PAUSE = 0.02
PATIENCE = 600


class Submission:
    """A body, and for each input the verdict and the output that a server must give."""

    def __init__(self, number, key, body, expected):
        self.number, self.key, self.body, self.expected = number, key, body, expected
        self.exec_id = None
        self.result = None

    def wrong(self):
        """What of the result is not as it has to be, or None."""
        results = json.loads(self.result)["results"]
        seen = [(one["verdict"], one["output"].strip()) for one in results]
        return None if seen == self.expected else f"{self.exec_id}: {seen} instead of {self.expected}"

    def is_ours(self):
        """Does the result say that the server failed?"""
        return any(one["verdict"] == "internal_error" for one in json.loads(self.result)["results"])


def mixed(number, key, chance):
    """One of several kinds; most are Python, some have several inputs, some are meant to fail."""
    x, kind = number * 7 + 3, chance.random()
    square = ("ok", str(x * x))
    if kind < 0.50:
        return Submission(number, key, _body("python", "return str(int(input_str) ** 2)", [x]), [square])
    if kind < 0.65:
        code = f"import time\ntime.sleep({chance.uniform(0.02, 0.3):.3f})\nreturn str(int(input_str) ** 2)"
        inputs = [x, x + 1, x + 2]
        return Submission(number, key, _body("python", code, inputs), [("ok", str(i * i)) for i in inputs])
    if kind < 0.75:
        code = "return str(int(input_str) ** 2)"
        return Submission(number, key, _body("python", code, [x, "x"]), [square, ("runtime_error", "")])
    if kind < 0.80:
        return Submission(number, key, _body("python", "return (", [x]), [("compile_error", "")])
    if kind < 0.92:
        return Submission(number, key, _body("bash", "echo $(( $1 * $1 ))", [x]), [square])
    if kind < 0.97:
        return Submission(number, key, _body("javascript", "return String(Number(input_str) ** 2)", [x]), [square])
    # The number is part of the code, so that a compiler runs for each.
    code = f'static char answer[32];\nlong n = atol(input_str); /* {number} */\nsprintf(answer, "%ld", n * n);\nreturn answer;'
    return Submission(number, key, _body("c", code, [x]), [square])


def slow(number, seconds):
    """One that takes a while."""
    code = f"import time\ntime.sleep({seconds})\nreturn str(int(input_str) + 1)"
    return Submission(number, None, _body("python", code, [number]), [("ok", str(number + 1))])


def quick(number):
    """The cheapest."""
    return Submission(number, None, _body("python", "return str(int(input_str) + 1)", [number]), [("ok", str(number + 1))])


def _body(language, code, inputs):
    return {"language": language, "code": code, "inputs": [str(one) for one in inputs]}


class Client:
    """Submits what it is given until it is acknowledged, asks until it is final, and notes what it saw."""

    def __init__(self, server):
        self.server = server
        self.lock = threading.Lock()
        # Requests whose answer never came: what they asked for may have been accepted or not.
        self.unanswered = 0
        # Answers that no client should ever see, in words.
        self.odd = []

    def submit(self, submission):
        """Until it is acknowledged. Only then is there an exec_id."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                status, body = self.server.ask("POST", "/run", submission.body, submission.key)
            except ConnectionRefusedError:
                time.sleep(PAUSE)
                continue
            except OSError:
                with self.lock:
                    self.unanswered += 1
                time.sleep(PAUSE)
                continue
            if status == 202:
                submission.exec_id = json.loads(body)["exec_id"]
                return
            self._note(status, body, f"POST /run of {submission.number}")
            time.sleep(PAUSE)
        self.odd.append(f"submission {submission.number} was never accepted")

    def submit_batch(self, submissions):
        """All of them in one request, which has to be accepted at once."""
        status, body = self.server.ask("POST", "/run/batch", {"submissions": [s.body for s in submissions]})
        if status != 202:
            raise OSError(f"a batch was not accepted: {status} {body.decode()[:200]}")
        for submission, exec_id in zip(submissions, json.loads(body)["exec_ids"]):
            submission.exec_id = exec_id

    def fetch(self, submission, final=True):
        """The result as it came, or None if it is not there; with `final`, waits for it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            path = f"/result/{submission.exec_id}" + ("?wait=2" if final else "")
            try:
                status, body = self.server.ask("GET", path, key=submission.key)
            except OSError:
                time.sleep(PAUSE)
                continue
            if status == 200:
                return body
            if status == 202 and not final:
                return None
            if status == 404:
                return None
            if status != 202:
                self._note(status, body, f"GET {path}")
                time.sleep(PAUSE)
        return None

    def _note(self, status, body, what):
        """503 is what a server says that starts, stops or has no room; everything else is odd."""
        if status != 503:
            with self.lock:
                self.odd.append(f"{what}: {status} {body.decode(errors='replace')[:200]}")


def in_threads(count, work, items):
    """Calls `work` for each item, so many at the same time, and returns when all are done."""
    items, lock, failures = iter(items), threading.Lock(), []

    def lane():
        while True:
            with lock:
                item = next(items, None)
            if item is None:
                return
            try:
                work(item)
            except Exception as error:  # Told to whoever waits for all.
                failures.append(error)
                return

    threads = [threading.Thread(target=lane) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]

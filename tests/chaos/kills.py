"""C-07: thousands of submissions of several keys and languages, while the server is killed with SIGKILL again and again.

What must hold at the end: what was acknowledged has its one result, which never changes and is right; what a client
never heard of is there only if its request broke; totals agree with the rows; and nothing of a killed server is left.
"""
import collections
import statistics
import threading
import time

import work
from server import Server, left, mounts

# How many seconds a server lives, at the least and the most, and how many of a hundred die while they start.
LIFE = (1.0, 5.0)
IN_THE_START = 10
# Submissions that are accepted and not final, at the most, so that submitting goes on for as long as killing does.
IN_FLIGHT = 96
LANES = 12


class Kills:
    """The killer: a thread that ends the server and starts it again until it is told to stop."""

    def __init__(self, server, chance, before):
        self.server, self.chance, self.before = server, chance, before
        self.done = threading.Event()
        self.count = self.in_the_start = 0
        self.starts, self.left, self.failure = [], [], None
        self.thread = threading.Thread(target=self._run)

    def stop(self):
        """No further kill; the last one has its start behind it."""
        self.done.set()
        if self.thread.is_alive():
            self.thread.join()

    def _run(self):
        try:
            while not self.done.is_set():
                self._one()
        except Exception as error:
            self.failure = error

    def _one(self):
        if self.done.wait(self.chance.uniform(*LIFE)):
            return
        # What the last one left had a second at the least to go.
        old = self.server.instances[:-1]
        self.left += left(self.server, old, self.before) if old else []
        self.server.kill()
        self.count += 1
        while self.chance.randrange(100) < IN_THE_START:
            self.server.start(until_ready=False)
            time.sleep(self.chance.uniform(0, 0.5))
            self.server.kill()
            self.count += 1
            self.in_the_start += 1
        self.starts.append(self.server.start())


def run(program, folder, chance, count):
    """Returns lines of figures and a list of what is wrong."""
    before = mounts()
    server = Server(program, folder)
    kills = Kills(server, chance, before)
    keys = [None, server.make_key("school-a"), server.make_key("school-b")]
    try:
        first = server.start()
        client = work.Client(server)
        submissions = [work.mixed(number, chance.choice(keys), chance) for number in range(count)]
        kills.thread.start()
        begin = time.perf_counter()
        room = threading.Semaphore(IN_FLIGHT)
        _submit_and_fetch(client, submissions, room)
        took = time.perf_counter() - begin
        kills.stop()
        if kills.failure:
            raise kills.failure
        # Once more, while nothing runs.
        server.kill()
        server.start()
        changed = [s.exec_id for s in submissions if s.result and client.fetch(s) != s.result]
        metrics = server.metrics()
        server.stop()
        wrong = kills.left + left(server, server.instances, before) + client.odd
        return _figures(server, client, submissions, kills, first, took, changed, metrics, wrong)
    finally:
        kills.stop()
        server.abandon()


def _submit_and_fetch(client, submissions, room):
    def submit(submission):
        room.acquire()
        client.submit(submission)
        accepted.append(submission)

    def fetch(_):
        submission = None
        while submission is None:
            try:
                submission = accepted.popleft()
            except IndexError:
                time.sleep(work.PAUSE)
        if submission.exec_id:
            submission.result = client.fetch(submission)
        room.release()

    accepted = collections.deque()
    fetching = threading.Thread(target=work.in_threads, args=(LANES, fetch, submissions))
    fetching.start()
    work.in_threads(LANES, submit, submissions)
    fetching.join()


def _figures(server, client, submissions, kills, first, took, changed, metrics, left_over):
    accepted = [s for s in submissions if s.exec_id]
    finished = [s for s in accepted if s.result]
    lost = [s.exec_id for s in accepted if not s.result]
    ours = [s.exec_id for s in finished if s.is_ours()]
    blamed = [s.wrong() for s in finished if not s.is_ours() and s.wrong()]
    with server.database() as rows:
        (all_rows,) = rows.execute("SELECT count(*) FROM submissions").fetchone()
        (done,) = rows.execute("SELECT count(*) FROM submissions WHERE state = 'done'").fetchone()
        (reports,) = rows.execute("SELECT count(*) FROM reports").fetchone()
        (again,) = rows.execute("SELECT count(*) FROM submissions WHERE fence > 1").fetchone()
    logged = collections.Counter(server.logged())
    twice = [exec_id for exec_id, lines in logged.items() if lines > 1]
    unheard = all_rows - len(accepted)
    starts = sorted(kills.starts) or [first]
    lines = [
        f"{kills.count} kills in {took:.0f} s, {kills.in_the_start} of them in a start",
        f"{len(accepted)} accepted of {len(submissions)}, {len(finished)} finished, {again} run more than once",
        f"{len(lost)} lost, {len(changed)} changed, {len(twice)} with two results",
        f"{len(blamed)} faults of the server told to a student, {len(ours)} ended as internal_error",
        f"{client.unanswered} requests without an answer, {unheard} of which had been accepted",
        f"{len(left_over)} left over",
        f"ready after a kill: p50 {statistics.median(starts):.3f} s, most {starts[-1]:.3f} s; first start {first:.3f} s",
    ]
    problems = []
    problems += [f"lost: {exec_id}" for exec_id in lost] + [f"changed: {exec_id}" for exec_id in changed]
    problems += [f"two lines in the log: {exec_id}" for exec_id in twice] + [f"blamed: {one}" for one in blamed]
    problems += [f"internal_error: {exec_id}" for exec_id in ours] + left_over
    if len(finished) < len(submissions):
        problems.append(f"{len(submissions) - len(finished)} submissions have no result")
    if not 0 <= unheard <= client.unanswered:
        problems.append(f"{unheard} rows that nobody submitted, with {client.unanswered} requests unanswered")
    totals = (metrics["total_executions"], metrics["in_progress"])
    if not done == reports == all_rows or totals != (done, 0):
        problems.append(f"{all_rows} rows, {done} done, {reports} reports, and the totals say {totals}")
    if unknown := set(logged) - {s.exec_id for s in accepted}:
        if len(unknown) > unheard:
            problems.append(f"{len(unknown)} results in the log of submissions that nobody made")
    if kills.count == 0 or again == 0:
        problems.append("no kill has hit anything, so that this has shown nothing")
    return lines, problems

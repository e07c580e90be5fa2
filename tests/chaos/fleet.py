"""C-30, C-33, C-34, C-44, C-45: two API nodes, three workers and PostgreSQL, any of which dies or stands still at any time.

Each second or so one of them is killed with SIGKILL and started again a little later, PostgreSQL among them, or a worker is
stopped for longer than its lease and goes on. Clients ask any API node. What must hold at the end: what was acknowledged has
its one result, which is right and the same whichever node is asked; the totals agree with the rows; nothing is in the queue.

Then, with nothing else going on, a worker dies that has work: the others have finished all of it within the lease, a run and ten seconds.
"""
import collections
import json
import pathlib
import signal
import sys
import threading
import time

import work
from server import Failed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench/fleet"))
import nodes
from postgres import Postgres

APIS, WORKERS = 2, 3
# Places of a worker, and milliseconds of a lease: short, so that many are lost.
PLACES, LEASE_MS = 2, 5000
# Seconds between two faults, and for how long what was killed is away.
PAUSE, AWAY = (0.5, 2.5), (0.0, 2.0)
# Of a hundred faults; the rest are workers killed.
API_KILLED, DATABASE_KILLED, WORKER_STOPPED = 25, 10, 20
IN_FLIGHT, LANES = 64, 12
# What the others may take for it beyond the lease and the run itself, in seconds; and how long such a run takes.
TAKEN_OVER, SLOW = 10, 6


class Door:
    """The API nodes as one server, for `work.Client`: each request goes to any of them."""

    def __init__(self, apis, chance):
        self.apis, self.chance, self.lock = apis, chance, threading.Lock()

    def ask(self, method, path, body=None, key=None, timeout=60):
        with self.lock:
            api = self.chance.choice(self.apis)
        return api.ask(method, path, body, key, timeout)


class Faults:
    """A thread that does harm until it is told to stop; then all members are there."""

    def __init__(self, database, members, chance):
        self.database, self.members, self.chance = database, members, chance
        self.apis = [node for node in members if node.role == "api"]
        self.workers = [node for node in members if node.role == "worker"]
        self.done, self.failure, self.counts = threading.Event(), None, collections.Counter()
        self.thread = threading.Thread(target=self._run)

    def stop(self):
        self.done.set()
        if self.thread.is_alive():
            self.thread.join()

    def _run(self):
        try:
            while not self.done.wait(self.chance.uniform(*PAUSE)):
                self._wait_for_most()
                self._one()
            for node in self.members:
                node.wait_until_ready()
        except Exception as error:
            self.failure = error

    def _wait_for_most(self):
        """Until one at the most is missing: on a slow machine starts take longer than the time between two faults."""
        deadline = time.monotonic() + nodes.PATIENCE
        while sum(not node.is_ready() for node in self.members) > 1 and not self.done.wait(work.PAUSE):
            if time.monotonic() > deadline:
                raise Failed("nodes that were started again are not ready")

    def _one(self):
        kind = self.chance.randrange(100)
        if kind < DATABASE_KILLED:
            self.counts["PostgreSQL killed"] += 1
            self.database.kill()
            self.done.wait(self.chance.uniform(*AWAY))
            self.database.start_again()
        elif kind < DATABASE_KILLED + WORKER_STOPPED:
            self.counts["workers stopped for longer than a lease"] += 1
            node = self.chance.choice(self.workers)
            node.signal(signal.SIGSTOP)
            time.sleep(LEASE_MS / 1e3 * self.chance.uniform(1.1, 1.8))
            node.signal(signal.SIGCONT)
        else:
            api = kind < DATABASE_KILLED + WORKER_STOPPED + API_KILLED
            self.counts["API nodes killed" if api else "workers killed"] += 1
            node = self.chance.choice(self.apis if api else self.workers)
            node.kill()
            self.done.wait(self.chance.uniform(*AWAY))
            node.start(until_ready=False)


def run(program, folder, chance, count):
    """Returns lines of figures and a list of what is wrong."""
    with Postgres() as database:
        settings = {"CODE_RUNNER_WORKERS": str(PLACES), "CODE_RUNNER_LEASE_MS": str(LEASE_MS)}
        members = nodes.fleet(program, folder, database.url(), APIS, WORKERS, **settings)
        faults = Faults(database, members, chance)
        try:
            for node in members:
                node.start()
            client = work.Client(Door(faults.apis, chance))
            submissions = [work.mixed(number, None, chance) for number in range(count)]
            waits = {}
            faults.thread.start()
            begin = time.perf_counter()
            _submit_and_fetch(client, submissions, waits)
            took = time.perf_counter() - begin
            faults.stop()
            if faults.failure:
                raise faults.failure
            lines, problems = _held(database, members, client, submissions, faults, took, waits)
            seconds = _taken_over(faults, client)
            lines.append(f"a worker that had work died alone: all of it final {seconds:.1f} s later, with a lease of {LEASE_MS / 1e3:g} s and runs of {SLOW} s")
            if seconds > LEASE_MS / 1e3 + TAKEN_OVER + SLOW:
                problems.append(f"what a dead worker had was final after {seconds:.1f} s only")
            for node in reversed(members):
                node.stop()
            return lines, problems
        finally:
            faults.stop()
            for node in members:
                node.abandon()


def _submit_and_fetch(client, submissions, waits):
    room, accepted = threading.Semaphore(IN_FLIGHT), collections.deque()

    def submit(submission):
        room.acquire()
        client.submit(submission)
        waits[submission] = time.perf_counter()
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
        waits[submission] = time.perf_counter() - waits[submission]
        room.release()

    fetching = threading.Thread(target=work.in_threads, args=(LANES, fetch, submissions))
    fetching.start()
    work.in_threads(LANES, submit, submissions)
    fetching.join()


def _held(database, members, client, submissions, faults, took, waits):
    """What has become of everything, asked of every API node and of the database."""
    accepted = [s for s in submissions if s.exec_id]
    lost = [s.exec_id for s in accepted if not s.result]
    finished = [s for s in accepted if s.result]
    ours = [s.exec_id for s in finished if s.is_ours()]
    wrong = [s.wrong() for s in finished if not s.is_ours() and s.wrong()]
    changed = [
        s.exec_id for api in faults.apis for s in finished
        if api.ask("GET", f"/result/{s.exec_id}")[1] != s.result
    ]
    logged = collections.Counter(line["exec_id"] for node in faults.workers for line in node.logged())
    twice = [exec_id for exec_id, times in logged.items() if times > 1]
    _settle(faults.apis[0])
    rows, reports, queued = (
        int(database.sql(f"SELECT count(*) FROM {table}")[0][0]) for table in ("submissions", "reports", "queue")
    )
    metrics = json.loads(faults.apis[-1].ask("GET", "/metrics")[1])
    unheard = rows - len(accepted)
    lines = [
        f"{sum(faults.counts.values())} faults in {took:.0f} s: " + ", ".join(f"{n} {what}" for what, n in faults.counts.items()),
        f"{len(accepted)} accepted of {len(submissions)}, {len(finished)} finished",
        f"{len(lost)} lost, {len(changed)} changed, {len(twice)} with two results",
        f"{len(wrong)} wrong, {len(ours)} ended as internal_error",
        f"{client.unanswered} requests without an answer, {unheard} of which had been accepted",
        f"slowest from acceptance to result: {max(waits.values()):.1f} s",
    ]
    problems = [f"lost: {one}" for one in lost] + [f"changed: {one}" for one in changed] + client.odd
    problems += [f"two lines in the logs: {one}" for one in twice] + wrong + [f"internal_error: {one}" for one in ours]
    if len(accepted) < len(submissions):
        problems.append(f"{len(submissions) - len(accepted)} were never accepted")
    if not 0 <= unheard <= client.unanswered:
        problems.append(f"{unheard} rows that nobody submitted, with {client.unanswered} requests unanswered")
    if not rows == reports == metrics["total_executions"] or queued or metrics["in_progress"]:
        problems.append(f"{rows} rows, {reports} reports, {queued} in the queue, and the totals say {metrics}")
    if not {"API nodes killed", "workers killed"} <= set(faults.counts):
        problems.append("hardly anything was killed, so that this has shown nothing")
    return lines, problems


def _settle(api):
    """Until nothing is in progress: what nobody has heard of is run as well."""
    deadline = time.monotonic() + work.PATIENCE
    while json.loads(api.ask("GET", "/metrics")[1])["in_progress"]:
        if time.monotonic() > deadline:
            raise Failed("something never ends")
        time.sleep(0.1)


def _taken_over(faults, client):
    """Kills a worker while all places are taken; the seconds until all is final."""
    submissions = [work.slow(number, SLOW) for number in range(WORKERS * PLACES)]
    work.in_threads(len(submissions), client.submit, submissions)
    deadline = time.monotonic() + work.PATIENCE
    while int(faults.database.sql("SELECT count(*) FROM queue WHERE state = 'running'")[0][0]) < len(submissions):
        if time.monotonic() > deadline or not faults.database.sql("SELECT 1 FROM queue LIMIT 1"):
            raise Failed("not all places were taken at the same time")
    victim = faults.chance.choice(faults.workers)
    victim.kill()
    begin = time.perf_counter()
    work.in_threads(len(submissions), lambda s: setattr(s, "result", client.fetch(s)), submissions)
    took = time.perf_counter() - begin
    if bad := [s.exec_id for s in submissions if not s.result or s.wrong()]:
        raise Failed(f"lost or wrong after a worker died: {bad}")
    victim.start()
    return took

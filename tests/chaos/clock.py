"""C-22: the clock of the host is set while submissions wait, run and are watched: by a second, by a day, and a little at a time.

Limits, leases and ids have nothing to do with it, and results are what they would have been. The clock is everybody's on a host,
so this runs only where it is nobody else's: in the virtual machine of scripts/vm-cgroup2 (`make test-clock`).
"""
import json
import os
import pathlib
import shutil
import time

import work
from server import ROOT, Failed, Server

DAY = 86_400
# Seconds that the clock is set by, one after the other; the last ones bring it back, as a server of time does that is patient.
JUMPS = [1, -1, DAY, -DAY, -DAY, DAY] + [0.05] * 10 + [-0.05] * 10
# Of each submission: how long it sleeps, and in how many seconds it has to be done, which is its limit of wall time.
SLEEP, MOST = 1, 20
LANES = 4
# Longer than a lease, so that one that were counted by that clock would have run out.
FAR = 60


def run(program, folder):
    if os.environ.get("CODE_RUNNER_CHAOS_OWNS_THE_CLOCK") is None:
        raise Failed("the clock is not ours: see make test-clock")
    # The processor may be emulated, and slow: one language is tried out at the start, and not all.
    languages = pathlib.Path(folder) / "languages"
    shutil.copytree(ROOT / "languages/python", languages / "python")
    server = Server(program, folder, start_s=300, CODE_RUNNER_LANGUAGES_DIR=str(languages))
    problems, fetched = [], 0
    try:
        server.start()
        client = work.Client(server)
        first = _submit(client, 0)
        before = client.fetch(first)
        submissions = [first]
        for number, jump in enumerate(JUMPS + [FAR, -FAR], 1):
            # One runs, one has a worker soon, and two wait.
            some = [_submit(client, 10 * number + one) for one in range(LANES)]
            submissions += some
            _wait_until_it_runs(server, some[0])
            _set_clock_by(jump)
            for submission in some:
                begin = time.monotonic()
                submission.result = client.fetch(submission)
                if submission.result is None:
                    problems.append(f"{jump:+} s: {submission.exec_id} is lost")
                    continue
                fetched += 1
                problems += [f"{jump:+} s: {problem}" for problem in _wrong(submission)]
                if time.monotonic() - begin > MOST * LANES:
                    problems.append(f"{jump:+} s: {submission.exec_id} took {time.monotonic() - begin:.0f} s")
            if client.fetch(first) != before:
                problems.append(f"{jump:+} s: an old result has changed")
        metrics = server.metrics()
        server.stop()
        with server.database() as rows:
            (again,) = rows.execute("SELECT count(*) FROM submissions WHERE fence > 1").fetchone()
        logged = server.logged()
    finally:
        server.abandon()
    problems += client.odd
    ids = {submission.exec_id for submission in submissions}
    if again or len(ids) != len(submissions) or sorted(logged) != sorted(ids):
        problems.append(f"{again} claimed twice, {len(ids)} ids and {len(logged)} lines in the log of {len(submissions)}")
    if metrics["total_executions"] != len(submissions):
        problems.append(f"{metrics['total_executions']} results are counted of {len(submissions)}")
    days = sorted(file.name for file in (server.folder / "logs").iterdir())
    if len(days) < 3:
        problems.append(f"lines of three days are in {days}")
    lines = [
        f"set {len(JUMPS) + 2} times, by up to a day; {fetched} of {len(submissions) - 1} final and right, each run once",
        f"the log has {', '.join(days)}",
    ]
    return lines, problems


def _submit(client, number):
    submission = work.slow(number, SLEEP)
    submission.body["limits"] = {"wall_time_ms": MOST * 1000}
    client.submit(submission)
    return submission


def _wait_until_it_runs(server, submission):
    deadline = time.monotonic() + MOST
    while time.monotonic() < deadline:
        status, body = server.ask("GET", f"/result/{submission.exec_id}")
        if status == 202 and json.loads(body).get("queue_position") == 0:
            return
        if status != 202:
            raise Failed(f"{submission.exec_id} did not run long enough to be met: {status} {body.decode()}")
        time.sleep(0.05)
    raise Failed("nothing runs")


def _set_clock_by(seconds):
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME) + seconds)


def _wrong(submission):
    """What of a result a clock has got into."""
    if wrong := submission.wrong():
        yield wrong
        return
    result = json.loads(submission.result)
    for one in result["results"]:
        if not SLEEP * 1000 * 0.9 <= one["wall_time_ms"] <= MOST * 1000 or not 0 <= one["cpu_time_ms"] <= MOST * 1000:
            yield f"{submission.exec_id}: {one['wall_time_ms']} ms, {one['cpu_time_ms']} ms of CPU time"
    # How long it waited is told by the clock that was set; what it took is not.
    for phase in ("provision", "compile", "run"):
        if not 0 <= (result["phases"].get(phase) or 0) <= MOST * 1000:
            yield f"{submission.exec_id}: {phase} took {result['phases'][phase]} ms"
    if (result["phases"]["queue"] or 0) < 0:
        yield f"{submission.exec_id}: it waited {result['phases']['queue']} ms"

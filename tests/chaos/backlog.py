"""C-23: ten thousand submissions wait when the server is killed.

The next start must be ready within a second and soon run again what had been running; then the queue is drained in the
order in which it was accepted, and nothing grows.
"""
import time

import work
from server import Server

# More than ten thousand, because some are run while the others are accepted.
WAITING = 10_100
WAITED = 10_000
# The start must be ready after so many seconds, and what ran when the server was killed be final after so many.
READY = 1.0
RUN_AGAIN = 10.0
# Submissions of one request.
BATCH = 100
# How much later or earlier than its turn a submission may finish: there are two workers.
OUT_OF_ORDER = 8
# Memory that is no growth, in KiB.
ROOM = 32 << 10
LANES = 8
# Seconds between two looks at the memory.
LOOK = 0.5


def run(program, folder):
    server = Server(program, folder, CODE_RUNNER_LOG="warn", CODE_RUNNER_MAX_QUEUED=str(2 * WAITING))
    try:
        server.start()
        client = work.Client(server)
        # Both workers have something to do while the others are accepted: what they do not have is what waits.
        busy = [work.slow(number, 3) for number in range(2)]
        waiting = [work.quick(number) for number in range(WAITING)]
        begin = time.perf_counter()
        for submission in busy:
            client.submit(submission)
        for first in range(0, WAITING, BATCH):
            client.submit_batch(waiting[first : first + BATCH])
        accepted = time.perf_counter() - begin
        server.kill()
        return _after(server, client, busy + waiting, accepted)
    finally:
        server.abandon()


def _after(server, client, submissions, accepted):
    with server.database() as rows:
        running = {row[0].hex() for row in rows.execute("SELECT id FROM submissions WHERE state = 'running'")}
        (waited,) = rows.execute("SELECT count(*) FROM submissions WHERE state = 'queued'").fetchone()
        order = [row[0].hex() for row in rows.execute("SELECT id FROM submissions WHERE state != 'done' ORDER BY place")]
    begin = time.perf_counter()
    ready = server.start()
    stuck = [s for s in submissions if s.exec_id.replace("-", "") in running]
    for submission in stuck:
        submission.result = client.fetch(submission)
    again = time.perf_counter() - begin
    memory = [server.rss_kib()]
    while server.metrics()["in_progress"] > 0:
        memory.append(server.rss_kib())
        time.sleep(LOOK)
    drained = time.perf_counter() - begin
    work.in_threads(LANES, lambda s: setattr(s, "result", client.fetch(s)), submissions)
    server.stop()
    logged = [exec_id.replace("-", "") for exec_id in server.logged()]
    turns = {exec_id: turn for turn, exec_id in enumerate(order)}
    finished = [turns[exec_id] for exec_id in logged if exec_id in turns]
    moved = max(abs(turn - place) for place, turn in enumerate(finished))
    early, most = max(memory[: len(memory) // 4 + 1]), max(memory)
    lines = [
        f"{len(submissions)} accepted in {accepted:.1f} s; {waited} waited and {len(running)} ran when the server was killed",
        f"ready after {ready:.3f} s; what ran is final after {again:.1f} s",
        f"drained after {drained:.0f} s, none further than {moved} from its turn; "
        f"memory {early >> 10} MiB in the first quarter, {most >> 10} at the most",
    ]
    problems = [f"no right result: {s.exec_id}" for s in submissions if not s.result or s.wrong()] + client.odd
    wrong = [
        (waited < WAITED, f"only {waited} waited"),
        (not running, "nothing ran when the server was killed"),
        (ready > READY, f"ready after {ready:.3f} s, {READY} is the most"),
        (again > RUN_AGAIN, f"what ran is final after {again:.1f} s, {RUN_AGAIN} is the most"),
        (moved > OUT_OF_ORDER, f"one finished {moved} places from its turn"),
        (len(finished) != len(order), f"{len(order)} were to be run, {len(finished)} have a line in the log"),
        (most > early + ROOM, f"memory grew from {early} to {most} KiB"),
    ]
    return lines, problems + [text for is_wrong, text in wrong if is_wrong]

"""C-10: the whole server stands still for longer than a lease, as under a debugger or in a virtual machine that is moved.

When it goes on, leases have run out that its workers believe to hold. Whoever claims the work again, there is one result.
"""
import signal
import time

import work
from server import Server

ACCEPTED = 20
# Seconds that each of them sleeps, and that the server stands still: a lease is 30 s.
SLEEP = 1
STILL = 33
LANES = 8


def run(program, folder):
    server = Server(program, folder)
    try:
        server.start()
        client = work.Client(server)
        submissions = [work.slow(number, SLEEP) for number in range(ACCEPTED)]
        for submission in submissions:
            client.submit(submission)
        submissions[0].result = first = client.fetch(submissions[0])
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(STILL)
        server.process.send_signal(signal.SIGCONT)
        begin = time.perf_counter()
        work.in_threads(LANES, lambda s: setattr(s, "result", client.fetch(s)), submissions)
        took = time.perf_counter() - begin
        metrics = server.metrics()
        server.stop()
        with server.database() as rows:
            (again,) = rows.execute("SELECT count(*) FROM submissions WHERE fence > 1").fetchone()
        logged = server.logged()
    finally:
        server.abandon()
    problems = [s.wrong() if s.result else f"lost: {s.exec_id}" for s in submissions if not s.result or s.wrong()]
    problems += client.odd
    if submissions[0].result != first:
        problems.append("a result has changed")
    if len(logged) != len(set(logged)) or metrics["total_executions"] != ACCEPTED or len(logged) != ACCEPTED:
        problems.append(f"{len(logged)} lines in the log and {metrics['total_executions']} results of {ACCEPTED}")
    return [f"stood still for {STILL} s; all {ACCEPTED} final {took:.1f} s later, {again} of them claimed again"], problems

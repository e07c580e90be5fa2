"""C-11: the memory killer of the kernel ends the server, while submissions run.

It is told to by a group of cgroups that holds the server's own process and has next to no room. What was acknowledged is final and
right after the next start.
"""
import os
import pathlib
import signal
import time

import work
from server import Failed, Server

V1 = pathlib.Path("/sys/fs/cgroup/memory")
V2 = pathlib.Path("/sys/fs/cgroup")
ROOM = 2 << 20
ACCEPTED = 12
SLEEP = 0.5
# How long the server may live with so little room, in seconds.
LIFE = 60


def run(program, folder):
    server = Server(program, folder)
    group = (V1 if V1.is_dir() else V2) / f"code-runner-chaos-{os.getpid()}"
    try:
        server.start()
        client = work.Client(server)
        submissions = [work.slow(number, SLEEP) for number in range(ACCEPTED)]
        for submission in submissions:
            client.submit(submission)
        before = client.fetch(submissions[0])
        group.mkdir()
        _limit(group)
        (group / "cgroup.procs").write_text(str(server.process.pid))
        ended = _ask_for_memory(server)
        kills = _kills(group)
        ready = server.start()
        for submission in submissions:
            submission.result = client.fetch(submission)
        server.stop()
        logged = server.logged()
    finally:
        server.abandon()
        if group.is_dir():
            group.rmdir()
    problems = [s.wrong() if s.result else f"lost: {s.exec_id}" for s in submissions if not s.result or s.wrong()]
    if ended != -signal.SIGKILL or kills < 1:
        problems.append(f"the server ended with {ended}, and the kernel counts {kills} kills")
    if submissions[0].result != before:
        problems.append("a result has changed")
    # Of a large one that was accepted there is a line, too.
    if len(logged) != len(set(logged)) or not {s.exec_id for s in submissions} <= set(logged):
        problems.append(f"{len(logged)} lines in the log")
    return [f"killed by the kernel for want of memory; all {ACCEPTED} final and right, ready again after {ready:.3f} s"], problems


def _limit(group):
    if V1.is_dir():
        (group / "memory.limit_in_bytes").write_text(str(ROOM))
    else:
        (V2 / "cgroup.subtree_control").write_text("+memory")
        (group / "memory.max").write_text(str(ROOM))
    # Where there is swap it must not help.
    for name in ("memory.memsw.limit_in_bytes", "memory.swap.max"):
        if (group / name).exists():
            (group / name).write_text(str(ROOM) if V1.is_dir() else "0")


def _ask_for_memory(server):
    """Sends large submissions until the server is gone; gives how it ended."""
    body = {"language": "python", "code": "return input_str", "inputs": ["x" * 60_000 for _ in range(100)]}
    body["inputs"] = [f"{number}{text}" for number, text in enumerate(body["inputs"])]
    deadline = time.monotonic() + LIFE
    while time.monotonic() < deadline:
        try:
            server.ask("POST", "/run", body)
        except OSError:
            pass
        if server.process.poll() is not None:
            return server.process.returncode
    raise Failed(f"the server lives with {ROOM} bytes")


def _kills(group):
    name = "memory.oom_control" if V1.is_dir() else "memory.events"
    lines = [line.split() for line in (group / name).read_text().splitlines()]
    return next((int(value) for key, value in lines if key == "oom_kill"), 0)

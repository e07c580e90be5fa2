"""C-17, C-18: the disk turns read-only or can not be read any more, and another process holds the lock of the database.

While it lasts a client is told 503, or what is already known; nobody is told that a submission does not exist or that a
student's program has failed. Afterwards, for a disk with a new start, for a lock without one, all that was accepted is
final and right.
"""
import json
import sqlite3
import subprocess
import time

import work
from disk import Disk
from server import Failed, Server

ACCEPTED = 24
# Seconds that each of them sleeps, so that some run when the trouble begins, and seconds that the trouble lasts.
SLEEP = 0.4
TROUBLE = 3
LOCKED = 30
# What a client may be told of a submission meanwhile, and what of a new one.
OF_AN_OLD_ONE = {200, 202, 503}
OF_A_NEW_ONE = {503}


def run(program, folder):
    lines, problems = [], []
    for name, begin in [("read-only", _read_only), ("unreadable", Disk.cut)]:
        place = folder / name
        place.mkdir()
        seen, wrong = _broken_disk(program, place, begin)
        lines.append(f"{name}: {_told(seen)}; {ACCEPTED} accepted before, {len(wrong)} wrong or lost after a new start")
        problems += wrong
    place = folder / "locked"
    place.mkdir()
    seen, took, wrong = _locked(program, place)
    lines.append(f"locked for {LOCKED} s: {_told(seen)}; all final {took:.1f} s later, {len(wrong)} wrong or lost")
    return lines, problems + wrong


def _read_only(disk):
    """What ext4 does when it finds an error: no more writes, whoever has files open."""
    subprocess.run(["mount", "-o", "remount,abort", str(disk.mount_point)], check=True)


def _broken_disk(program, folder, begin):
    disk = Disk(folder)
    server = Server(program, folder, disk.mount_point / "data")
    try:
        server.start()
        client = work.Client(server)
        submissions = _accepted(client)
        begin(disk)
        seen = _ask(server, submissions, TROUBLE)
        if server.status_of("/health/live") != 200 or server.status_of("/health/ready") != 503:
            raise Failed("a server without a disk has to be alive and not ready")
        server.kill()
        disk.unmount()
        disk.mount()
        server.start()
        wrong = _all_final(client, submissions) + seen["wrong"]
        server.stop()
        return seen, wrong
    finally:
        server.abandon()
        disk.close()


def _locked(program, folder):
    server = Server(program, folder)
    try:
        server.start()
        client = work.Client(server)
        submissions = _accepted(client)
        other = sqlite3.connect(server.data / "code-runner.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        seen = _ask(server, submissions, LOCKED)
        other.execute("ROLLBACK")
        other.close()
        begin = time.perf_counter()
        wrong = _all_final(client, submissions) + seen["wrong"]
        took = time.perf_counter() - begin
        client.submit(further := work.quick(ACCEPTED))
        wrong += _all_final(client, [further])
        metrics = server.metrics()
        if metrics["total_executions"] != ACCEPTED + 1 or metrics["in_progress"]:
            wrong.append(f"the totals are {metrics}")
        server.stop()
        return seen, took, wrong
    finally:
        server.abandon()


def _accepted(client):
    submissions = [work.slow(number, SLEEP) for number in range(ACCEPTED)]
    for submission in submissions:
        client.submit(submission)
    # Some are final, some run.
    submissions[0].result = client.fetch(submissions[0])
    return submissions


def _ask(server, submissions, seconds):
    """What clients are told for that long: how often each status, and what they should not have been told."""
    seen = {"old": {}, "new": {}, "wrong": []}
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        submission = submissions[number % len(submissions)]
        number += 1
        status, body = server.ask("GET", f"/result/{submission.exec_id}")
        seen["old"][status] = seen["old"].get(status, 0) + 1
        if status not in OF_AN_OLD_ONE:
            seen["wrong"].append(f"GET of what was accepted: {status} {body.decode()[:200]}")
        if status == 200 and (submission.wrong() if submission.result else _verdict(body) != "ok"):
            seen["wrong"].append(f"told to a student: {body.decode()[:200]}")
        if number % len(submissions) == 1:
            status, body = server.ask("POST", "/run", work.quick(number).body)
            seen["new"][status] = seen["new"].get(status, 0) + 1
            if status not in OF_A_NEW_ONE:
                seen["wrong"].append(f"POST: {status} {body.decode()[:200]}")
    return seen


def _verdict(body):
    return json.loads(body)["verdict"]


def _told(seen):
    def text(counts):
        return ", ".join(f"{count} times {status}" for status, count in sorted(counts.items()))

    return f"POST {text(seen['new'])}, GET {text(seen['old'])}"


def _all_final(client, submissions):
    before = {s: s.result for s in submissions if s.result}
    work.in_threads(8, lambda s: setattr(s, "result", client.fetch(s)), submissions)
    wrong = [s.wrong() if s.result else f"lost: {s.exec_id}" for s in submissions if not s.result or s.wrong()]
    return wrong + [f"changed: {s.exec_id}" for s, result in before.items() if s.result != result] + client.odd

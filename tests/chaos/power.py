"""C-12: the power fails right after the last of a thousand acknowledgements.

The server's database is on a disk of its own (disk.py), whose power is cut. Everything that was acknowledged must be
there afterwards, and every result that somebody has read must be the same.

The same is done to a server whose flushes are taken away from it: `strace` lets each fsync and fdatasync of the process
return 0 without having been made, which is what `synchronous=OFF` would do. It has to lose something; otherwise the cut
cuts nothing, and the first half has shown nothing.
"""
import pathlib
import shutil
import subprocess
import time

import work
from disk import Disk
from server import Failed, Server

ACCEPTED = 1000
# Of those the first are asked for before the power fails.
READ = 50
LANES = 8
FLUSHES = "fsync,fdatasync,sync_file_range,syncfs,sync"


def run(program, folder):
    lines, problems = [], []
    for name, flushes in [("with its flushes", True), ("without them", False)]:
        place = folder / name.replace(" ", "-")
        place.mkdir()
        accepted, took, lost, changed = _cut(program, place, flushes)
        lines.append(
            f"{name}: {accepted} accepted in {took:.1f} s, then no power: {len(lost)} lost, {len(changed)} read and changed"
        )
        if flushes:
            problems += [f"lost: {exec_id}" for exec_id in lost] + [f"changed: {exec_id}" for exec_id in changed]
        elif not lost:
            problems.append("a server that flushes nothing has lost nothing: the power was not cut")
    return lines, problems


def _cut(program, folder, flushes):
    disk = Disk(folder)
    server = Server(program, folder, disk.mount_point / "data", CODE_RUNNER_LOG="warn")
    tracer = None
    try:
        server.start()
        if not flushes:
            tracer = _without_flushes(server)
        client = work.Client(server)
        submissions = [work.quick(number) for number in range(ACCEPTED)]
        begin = time.perf_counter()
        work.in_threads(LANES, client.submit, submissions)
        took = time.perf_counter() - begin
        read = {s: result for s in submissions[:READ] if (result := client.fetch(s, final=False))}
        disk.cut()
        server.kill()
        if tracer:
            tracer.wait()
        if client.odd or client.unanswered:
            raise Failed(f"it did not accept everything: {client.odd[:3]}")
        disk.unmount()
        disk.mount()
        server.start()
        work.in_threads(LANES, lambda s: setattr(s, "result", client.fetch(s)), submissions)
        lost = [s.exec_id for s in submissions if not s.result or s.wrong()]
        changed = [s.exec_id for s, result in read.items() if s.result != result]
        server.stop()
        return ACCEPTED, took, lost, changed
    finally:
        server.abandon()
        disk.close()


def _without_flushes(server):
    """From now on the kernel never hears of one. Returns when that is so."""
    if not shutil.which("strace"):
        raise Failed("there is no strace (apt-get install strace)")
    command = ["strace", "-f", "-qq", "-p", str(server.process.pid), "-o", "/dev/null"]
    command += ["-e", f"trace={FLUSHES}", "-e", f"inject={FLUSHES}:retval=0"]
    tracer = subprocess.Popen(command)
    deadline = time.monotonic() + 10
    while "TracerPid:\t0" in (status := _status(server)):
        if tracer.poll() is not None or time.monotonic() > deadline or not status:
            raise Failed("strace does not trace the server")
        time.sleep(0.01)
    return tracer


def _status(server):
    """That of every thread: each is traced for itself."""
    threads = pathlib.Path(f"/proc/{server.process.pid}/task").iterdir()
    return "".join((thread / "status").read_text() for thread in threads)

"""A server that nobody uses: how soon it is ready, what it holds, what it burns."""
import collections
import statistics
import tempfile
import time

import machine
from server import Server

# The first process of each box. While nothing runs, as many boxes wait as there are processes of this name.
OF_A_BOX = "box"
# The boxes are all there when their number has not changed for so long.
UNCHANGED_S = 2.0


def starts(count, say):
    """Seconds from the start of the process to the first good answer of `/health`, each time with an empty folder."""
    times = []
    for number in range(count):
        say(f"start {number + 1} of {count}")
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder)
            times.append(server.ready_s)
            server.stop()
    return {"ready_s": statistics.median(times), "slowest_s": max(times), "times_s": times}


def settle(server, say):
    """Waits until the languages were tried out and the boxes made ahead are all there; gives seconds since readiness."""
    say("waiting for self-tests, and for boxes made ahead")
    begin = time.perf_counter()
    server.wait_for_self_tests()
    tested = changed = time.perf_counter()
    boxes = _count(server)
    while time.perf_counter() < changed + UNCHANGED_S:
        now = _count(server)
        if now != boxes:
            boxes, changed = now, time.perf_counter()
        time.sleep(0.05)
    return {"self_tests_s": tested - begin, "boxes_s": changed - begin if boxes else None, "boxes": boxes}


def memory(server):
    """Memory of the server and all it has started, by the names of the processes; shared memory is counted once."""
    found = collections.defaultdict(lambda: {"processes": 0, "pss_mib": 0.0})
    for process in machine.tree(server.process.pid):
        try:
            entry, pss = found[machine.name(process)], machine.proportional_kib(process)
        except (OSError, TypeError):
            continue  # It has ended, and has no name or no memory any more.
        entry["processes"] += 1
        entry["pss_mib"] += pss / 1024
    boxes = found[OF_A_BOX]["processes"] if OF_A_BOX in found else 0
    inside = sum(entry["pss_mib"] for name, entry in found.items() if not name.startswith("code-runner "))
    return {
        "by_name": dict(found), "boxes": boxes, "per_box_mib": inside / boxes if boxes else None,
        "total_mib": sum(entry["pss_mib"] for entry in found.values()),
    }


def processor(server, seconds, say):
    """The part of one core that the server and all it has started use while nothing is asked of them."""
    say(f"{seconds:.0f} s without a request")
    before, begin = _cpu_s(server), time.perf_counter()
    time.sleep(seconds)
    return {"share_of_a_core": (_cpu_s(server) - before) / (time.perf_counter() - begin), "seconds": seconds}


def _cpu_s(server):
    used = 0.0
    for process in machine.tree(server.process.pid):
        try:
            used += machine.cpu_s(process)
        except OSError:
            pass  # It has ended; from now on its parent has its time.
    return used


def _count(server):
    names = []
    for process in machine.tree(server.process.pid):
        try:
            names.append(machine.name(process))
        except OSError:
            pass
    return names.count(OF_A_BOX)

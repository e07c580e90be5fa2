"""C-31, C-32: the network between nodes and their database is divided for 30 s in one direction; then it is slow and loses messages.

Two API nodes and two workers have a way each to PostgreSQL. While clients go on, one of them hears nothing of the database for 30 s, or
is not heard, and that is several times as long as it is believed to be alive. Then each word to the database takes 2 s there and back;
and then 0.2 s, while one message of ten ends its connection, before or after it has arrived. Each submission has one result.
"""
import pathlib
import sys
import time

import once
from server import Failed
from way import BACK, THERE, Way

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench/fleet"))
import nodes
from postgres import USER, Postgres

APIS, WORKERS, PLACES = 2, 2, 2
LEASE_MS, DIVIDED_S = 5000, 30
# How long a request waits for the database; where that takes 2 s for each word, longer.
TIMEOUT_MS, PATIENT_TIMEOUT_MS = 2000, 60_000
# A request asks the database twice before it is refused, and this machine has more to do.
REFUSED_S = 2 * TIMEOUT_MS / 1e3 + 4
# Seconds there and back, and of a hundred messages how many are lost.
BAD, BAD_COUNT, BAD_LEASE_MS = ((2.0, 0), (0.2, 10)), 12, 30_000


def run(program, folder, chance):
    """Returns lines of figures and a list of what is wrong."""
    lines, problems = [], []
    for part, name in ((_divided, "divided"), (_bad, "bad")):
        place = pathlib.Path(folder) / name
        place.mkdir()
        place.chmod(0o755)
        said, wrong = part(program, place, chance)
        lines += said
        problems += wrong
    return lines, problems


def _with_fleet(program, folder, chance, timeout_ms, lease_ms, during):
    pathlib.Path(folder).parent.chmod(0o755)
    with Postgres() as database:
        settings = {
            "CODE_RUNNER_WORKERS": str(PLACES), "CODE_RUNNER_LEASE_MS": str(lease_ms),
            "CODE_RUNNER_STORE_TIMEOUT_MS": str(timeout_ms),
        }
        members = nodes.fleet(program, folder, database.url(), APIS, WORKERS, **settings)
        ways = [Way(("127.0.0.1", database.port), chance) for _ in members]
        try:
            for node, way in zip(members, ways):
                node.environment["CODE_RUNNER_STORE"] = f"postgres://{USER}@127.0.0.1:{way.port}/{USER}"
                node.start()
            return during(database, members, ways)
        finally:
            for way in ways:
                way.close()
            for node in members:
                node.abandon()


def _divided(program, folder, chance):
    def during(database, members, ways):
        clients = once.Clients(members[:APIS], 8, chance)
        lines, problems = [], []
        try:
            for node, way in ((members[0], ways[0]), (members[-1], ways[-1])):
                for direction in (THERE, BACK):
                    before = len(clients.done)
                    way.hold(direction)
                    time.sleep(DIVIDED_S)
                    if node.is_ready():
                        problems.append(f"{node.name} said that it was ready")
                    way.let_go()
                    node.wait_until_ready()
                    after = len(clients.done) - before
                    lines.append(f"{node.name}, nothing {direction} for {DIVIDED_S} s: {after} submissions were final meanwhile")
                    if not after:
                        problems.append(f"nothing went on while {node.name} was divided")
        finally:
            for way in ways:
                way.let_go()
            clients.stop()
        said, wrong = clients.held(database)
        if clients.slowest > REFUSED_S:
            wrong.append(f"an answer took {clients.slowest:.1f} s")
        return lines + said, problems + wrong

    return _with_fleet(program, folder, chance, TIMEOUT_MS, LEASE_MS, during)


def _bad(program, folder, chance):
    lines, problems = [], []
    for round_trip_s, loss in BAD:
        def during(database, members, ways):
            for way in ways:
                way.delay, way.loss = round_trip_s / 2, loss
            begin = time.perf_counter()
            clients = once.Clients(members[:APIS], BAD_COUNT, chance, BAD_COUNT)
            clients.join()
            took, lost = time.perf_counter() - begin, sum(way.lost for way in ways)
            for way in ways:
                way.delay, way.loss = 0.0, 0
            for node in members:
                node.wait_until_ready()
            if loss and not lost:
                raise Failed("no message was lost, so that this has shown nothing")
            said, wrong = clients.held(database)
            return [f"{round_trip_s:g} s there and back, {lost} messages lost: final after {took:.0f} s", *said], wrong

        place = pathlib.Path(folder) / f"loss-{loss}"
        place.mkdir()
        said, wrong = _with_fleet(program, place, chance, PATIENT_TIMEOUT_MS, BAD_LEASE_MS, during)
        lines += said
        problems += wrong
    return lines, problems

"""C-38: the primary dies under load, and its standby takes over.

The primary acknowledges what the standby has (`synchronous_standby_names`). Nodes reach the database by an address that leads to the
standby afterwards, as that of a service or a virtual address does. No node is started again.
"""
import pathlib
import sys
import time

import once
import work
from server import Failed
from way import Way

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench/fleet"))
import nodes
from postgres import USER, Postgres

APIS, WORKERS, PLACES = 2, 2, 2
COUNT, LANES, LEASE_MS = 600, 16, 5000


class Standby(Postgres):
    """A server that follows another one until it is promoted."""

    def __init__(self, primary):
        self.primary = primary

    def _initialise(self):
        self.tool("pg_basebackup", "--dbname", self.primary.url(), "--pgdata", self.data, "--write-recovery-conf",
                  "--wal-method", "stream", "--checkpoint", "fast")

    def _prepare(self):
        """It has what the primary has."""


def run(program, folder, chance):
    """Returns lines of figures and a list of what is wrong."""
    with Postgres() as primary, Standby(primary) as standby:
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        _until(lambda: primary.sql("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"), "the standby does not follow")
        way = Way(("127.0.0.1", primary.port), chance)
        address = f"postgres://{USER}@127.0.0.1:{way.port}/{USER}"
        settings = {"CODE_RUNNER_WORKERS": str(PLACES), "CODE_RUNNER_LEASE_MS": str(LEASE_MS)}
        members = nodes.fleet(program, folder, address, APIS, WORKERS, **settings)
        try:
            for node in members:
                node.start()
            clients = once.Clients(members[:APIS], LANES, chance, COUNT)
            _until(lambda: clients.accepted > COUNT / 3 or clients.wrong, "too few are accepted")
            primary.kill()
            begin = time.perf_counter()
            standby.sql("SELECT pg_promote()")
            way.lead_to(("127.0.0.1", standby.port))
            before = clients.accepted
            _until(lambda: clients.accepted > before + LANES or clients.wrong, "nothing is accepted any more")
            took = time.perf_counter() - begin
            clients.join()
            lines, problems = clients.held(standby)
            for node in reversed(members):
                node.stop()
            return [f"the standby took over after {before} were accepted; further ones were within {took:.1f} s", *lines], problems
        finally:
            way.close()
            for node in members:
                node.abandon()


def _until(holds, otherwise):
    deadline = time.monotonic() + work.PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(otherwise)
        time.sleep(work.PAUSE)

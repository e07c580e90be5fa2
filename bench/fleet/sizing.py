"""How many nodes a course needs, where one database ends, and so how large a cell may be.

A cell is one PostgreSQL with its API and worker nodes; tenants are hashed to cells. Of stations behind one another the
slowest decides how long a burst waits, because behind it nothing queues; so each station by itself has to keep the target.
"""
import math

import minute
from formulas import Wait, servers_for
from minute import Service

PERCENT = 95
# The fewest API nodes: one may be replaced while the other answers.
LEAST_API_NODES = 2
# Of one process (docs/settings.md), and so of a machine that has everything on it.
MOST_WORKERS = 64
# The database and its standby.
DATABASES = 2
GB_EACH = {"api": 2, "database": 4}


class Cell:
    """The nodes for so many students, of whom 95 in 100 wait no longer than `seconds` for a worker."""

    def __init__(self, constants, students, shape, seconds):
        self.students, self.presses = students, students * constants.presses
        rates = minute.rates(minute.shapes(constants)[shape], self.presses)
        self.rates = rates
        self.worker_vcpu = servers_for(rates, minute.worker_service(constants), PERCENT, seconds)
        self.api_vcpu = servers_for(rates, Service([(1, constants.api_ms / 1e3, 0)]), PERCENT, seconds)
        self.workers = math.ceil(self.worker_vcpu / constants.worker_vcpu)
        self.apis = max(LEAST_API_NODES, math.ceil(self.api_vcpu / constants.api_vcpu))
        self.nodes = self.workers + self.apis
        self.vcpu = (
            self.workers * constants.worker_vcpu + self.apis * constants.api_vcpu + DATABASES * constants.database_vcpu
        )
        self.gb = (
            self.workers * constants.worker_vcpu * constants.worker_gb_each
            + self.apis * constants.api_vcpu * GB_EACH["api"] + DATABASES * constants.database_vcpu * GB_EACH["database"]
        )
        # By what this cell has too little of, were it one.
        self.beyond = [
            name for name, rate in database_rates(constants, self.nodes).items()
            if not keeps(rates, rate, seconds)
        ]
        if self.nodes > most_nodes(constants):
            self.beyond.append("connections")


def most_nodes(constants):
    return math.floor(constants.connections / constants.connections_a_node)


def database_rates(constants, nodes):
    """The submissions a second at which each part of one database has enough to do, with that many nodes."""
    c = constants
    listening_ms = c.notices * nodes * c.listener_us / 1e3
    return {
        "database CPU": c.usable * c.database_vcpu * 1e3 / (c.database_ms + listening_ms),
        "commits": c.usable * c.commits_a_flush * 1e3 / c.flush_ms / c.database_commits,
        "turns of claims": c.usable * 1e3 / (c.claim_ms + c.owners_waiting * c.claim_owner_us / 1e3),
        # One commit accepts, another finishes, so many at a time.
        "NOTIFY's lock": c.usable * c.notifying_commits_s * c.accepted_a_commit / 2,
        "WAL to disk": c.usable * c.database_wal_mib_s * 1024 / c.database_wal_kib,
        # The submission comes in and goes to a worker, the result comes in and goes to an API node.
        "database's network": c.usable * c.network_mib_s * 1024 / (c.request_kib + c.result_kib),
    }


def keeps(rates, per_second, seconds):
    """Does something that does so many a second keep the target?"""
    return Wait(1, rates, Service([(1, 1 / per_second, 0)])).within(seconds) * 100 >= PERCENT


def most_students(fits, most=1 << 27):
    """The most students for which it is true, to a thousandth; 0 if for none."""
    low, high = 0, 1
    while high < most and fits(high):
        low, high = high, high * 2
    while high - low > max(high // 1000, 1):
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def largest_cell(constants, shape, seconds):
    """The most students of one cell, and what they have too little of when they are a few more."""
    most = most_students(lambda students: not Cell(constants, students, shape, seconds).beyond)
    return most, Cell(constants, most + max(most // 250, 2), shape, seconds).beyond


class Fleet:
    """As many cells as it takes, each with room for what hashing puts into the fullest."""

    def __init__(self, constants, students, shape, seconds):
        most, _ = largest_cell(constants, shape, seconds)
        if most == 0:
            raise ValueError("with these constants no cell can serve a single student")
        self.cells, in_each = 1, students
        if students > most:
            self.cells = max(2, math.ceil(students * constants.imbalance / most))
            in_each = math.ceil(students * constants.imbalance / self.cells)
        self.cell = Cell(constants, in_each, shape, seconds)
        self.vcpu, self.gb = self.cells * self.cell.vcpu, self.cells * self.cell.gb


def saturation(constants, shape, seconds):
    """The students at which each part of one database is at its end, were everything else without bounds; by name."""
    def rates(students):
        return minute.rates(minute.shapes(constants)[shape], students * constants.presses)

    def ends(name):
        def fits(students):
            nodes = Cell(constants, students, shape, seconds).nodes if name == "database CPU" else 0
            return keeps(rates(students), database_rates(constants, nodes)[name], seconds)
        return most_students(fits)

    found = {name: ends(name) for name in database_rates(constants, 0)}
    found["connections"] = most_students(
        lambda students: Cell(constants, students, shape, seconds).nodes <= most_nodes(constants)
    )
    service = minute.worker_service(constants)
    for name, vcpu in (("one worker node's CPU", constants.worker_vcpu), ("one machine of 64 workers", MOST_WORKERS)):
        found[name] = most_students(
            lambda students: Wait(vcpu, rates(students), service).within(seconds) * 100 >= PERCENT
        )
    found["one API node's CPU"] = most_students(
        lambda students: keeps(rates(students), constants.api_vcpu * 1e3 / constants.api_ms, seconds)
    )
    return found


def kept_gb(constants, students):
    """What the database has of results when the first are deleted."""
    presses = students * constants.presses * constants.minutes_a_day * constants.kept_days
    return presses * constants.database_kept_kib / 2**20


def sensitivity(constants, students, shape, seconds):
    """The vCPU of the fleet when each constant is half and twice as much, the largest change first.

    A part of the submissions may be doubled beyond 1, and is then what is left.
    """
    base = Fleet(constants, students, shape, seconds).vcpu
    rows = []
    for name in constants.values:
        ends = []
        for factor in (0.5, 2):
            value = getattr(constants, name) * factor
            if name == "usable":
                value = min(value, 1.0)
            if name.endswith("_share"):
                others = constants.python_share + constants.cpp_share - getattr(constants, name)
                value = min(value, 1.0 if name == "looping_share" else 1 - others)
            if name in ("imbalance", "saturated"):
                value = max(value, 1.0)
            ends.append(Fleet(constants.but(**{name: value}), students, shape, seconds).vcpu)
        rows.append((name, ends[0], ends[1]))
    rows.sort(key=lambda row: max(row[1:]) - min(row[1:]), reverse=True)
    return base, rows

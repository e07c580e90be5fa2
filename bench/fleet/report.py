"""What docs/scaling.md shows: tables as Markdown and the figures of its charts, computed from constants alone."""
import minute
import pictures
import simulation
import sizing
from formulas import Wait, servers_for
from minute import Service

STUDENTS = (1_000, 100_000, 1_000_000)
SECONDS = (1, 10)
# How the page looks at one thing at a time.
SHAPE, TARGET = "front", 10
SEED = 1


def tables(constants):
    """The part of the page between its marks."""
    return "\n\n".join([
        _services(constants), _fleets(constants), _cells(constants), _saturated(constants), _played(constants), _sensitive(constants),
        _constants(constants),
    ])


def charts(constants):
    """Pages of bench/svg.py by the names of their files."""
    students = [round(100 * 10 ** (step / 4)) for step in range(17)]
    vcpu = {
        shape: [sizing.Fleet(constants, count, shape, TARGET).vcpu for count in students] for shape in minute.MEANING
    }
    panels = []
    for shape in minute.MEANING:
        wait, played = _both(constants, 1_000, shape)
        seconds = max(len(played.queued), int(minute.MINUTE + wait.drain) + 1)
        panels.append((shape, [wait.queued_at(second) for second in range(seconds)], played.queued))
    base, rows = sizing.sensitivity(constants, 100_000, SHAPE, TARGET)
    return {
        "scaling-vcpu": pictures.growth(students, vcpu),
        "scaling-queue": pictures.queues(panels),
        "scaling-saturation": pictures.saturation(sizing.saturation(constants, SHAPE, TARGET)),
        "scaling-sensitivity": pictures.tornado(base, rows),
    }


def _services(constants):
    service = minute.worker_service(constants)
    rows = []
    for language in minute.LANGUAGES:
        kinds = [kind for kind in minute.kinds(constants, language) if kind[0] > 0]
        share = sum(part for part, _, _ in kinds)
        mean = sum(part * (fixed + spread) for part, fixed, spread in kinds)
        rows.append([language, f"{share * 100:.0f} %", f"{mean / share * 1e3:.0f}", f"{mean / service.mean * 100:.0f} %"])
    rows.append(["all", "100 %", f"{service.mean * 1e3:.0f}", "100 %"])
    head = ["language", "of the submissions", "ms of a processor each", "of all processor time"]
    return "### What a submission takes\n\n" + _markdown(head, rows, 1) + (
        f"\n\nWith {constants.inputs:g} inputs, what loops included. The times vary by a squared coefficient of "
        f"{service.variation:.1f}."
    )


def _fleets(constants):
    rows = []
    for students in STUDENTS:
        for shape in minute.MEANING:
            for seconds in SECONDS:
                fleet = sizing.Fleet(constants, students, shape, seconds)
                cell = fleet.cell
                wait = Wait(cell.worker_vcpu, cell.rates, minute.worker_service(constants))
                rows.append([
                    f"{students:,}", shape, f"{seconds} s", f"{fleet.cells}", f"{cell.workers}", f"{cell.apis}",
                    f"{fleet.vcpu:,}", f"{fleet.gb:,}", f"{wait.most_queued():,.0f}",
                ])
    head = [
        "students", "shape", "p95 of the wait <", "cells", "worker nodes of a cell", "API nodes of a cell", "vCPU", "GB",
        "most waiting in a cell",
    ]
    days = ", ".join(f"{sizing.kept_gb(constants, students):,.0f} GB for {students:,}" for students in STUDENTS)
    return "### Nodes\n\n" + _markdown(head, rows, 2) + (
        f"\n\nvCPU and GB are those of all cells, with two database nodes in each. What is kept for "
        f"{constants.kept_days:g} days of {constants.minutes_a_day:g} such minutes: {days}."
    )


def _cells(constants):
    rows = []
    for vcpu in (constants.worker_vcpu, constants.worker_vcpu * 4):
        for shape in minute.MEANING:
            for seconds in SECONDS:
                most, beyond = sizing.largest_cell(constants.but(worker_vcpu=vcpu), shape, seconds)
                rows.append([f"{vcpu:g}", shape, f"{seconds} s", f"{most:,}", ", ".join(beyond)])
    head = ["vCPU of a worker node", "shape", "p95 of the wait <", "students of the largest cell", "and then there are too few of"]
    return "### Cells\n\n" + _markdown(head, rows, 3)


def _saturated(constants):
    found = {shape: sizing.saturation(constants, shape, TARGET) for shape in minute.MEANING}
    rows = [
        [name, *(f"{found[shape][name]:,}" for shape in found)]
        for name in sorted(found[SHAPE], key=found[SHAPE].get)
    ]
    return "### What is at its end first\n\n" + _markdown(["students at the end of", *found], rows, 1)


def _both(constants, students, shape):
    """The wait on paper and the minute played through, with the workers that a target of ten seconds takes."""
    cell = sizing.Cell(constants, students, shape, TARGET)
    shape = minute.shapes(constants)[shape]
    service = minute.worker_service(constants)
    listening_ms = constants.notices * cell.nodes * constants.listener_us / 1e3
    services = [
        Service([(1, constants.api_ms / 2e3, 0)]), Service([(1, (constants.database_ms + listening_ms) / 2e3, 0)]), service,
    ]
    servers = [cell.apis * int(constants.api_vcpu), int(constants.database_vcpu * constants.usable), cell.worker_vcpu]
    return Wait(cell.worker_vcpu, cell.rates, service), simulation.play(shape, cell.presses, servers, services, SEED)


def _played(constants):
    rows = []
    for students in (1_000, 10_000):
        for shape in minute.MEANING:
            wait, played = _both(constants, students, shape)
            for what, values in (
                ("paper", [*map(wait.percentile, (50, 95, 99)), wait.most_queued()]),
                ("played", [*map(played.wait, (50, 95, 99)), played.most_queued]),
            ):
                rest = [f"{played.busy[station] * 100:.0f} %" for station in (2, 1, 0)] + [f"{played.end - minute.MINUTE:.1f} s"]
                rows.append([
                    f"{students:,}", shape, what, *(f"{value:.2f}" for value in values[:3]), f"{values[3]:,.0f}",
                    *(rest if what == "played" else ["", "", "", ""]),
                ])
    head = [
        "students", "shape", "", "wait p50 s", "p95 s", "p99 s", "most waiting", "workers busy", "database busy", "API busy",
        "last result after the minute",
    ]
    return f"### On paper and played through\n\n{_markdown(head, rows, 3)}\n\nThe seed is {SEED}."


def _sensitive(constants):
    base, rows = sizing.sensitivity(constants, 100_000, SHAPE, TARGET)
    table = [[f"`{name}`", f"{half / base:.2f}", f"{twice / base:.2f}", constants.kind(name)] for name, half, twice in rows]
    quiet = [row[0] for row in table if row[1] == row[2] == "1.00"]
    table = [row for row in table if row[0] not in quiet]
    return (
        f"### What matters\n\n{_markdown(['constant', 'vCPU with half', 'with twice', 'it is'], table, 1)}\n\n"
        f"As a multiple of {base:,} vCPU. Nothing changes with half or twice of {', '.join(quiet)}."
    )


def _constants(constants):
    rows = [
        [f"`{name}`", f"{constants.values[name]:g}", entry["unit"], constants.kind(name), entry["source"]]
        for name, entry in constants.entries.items()
    ]
    open_ones = [f"`{name}`" for name in constants.entries if constants.kind(name) == "not measured yet"]
    words = f"**Not measured yet: {', '.join(open_ones)}.** " if open_ones else ""
    return f"### Constants\n\n{words}All of them are in `bench/fleet/constants.toml`.\n\n" + _markdown(
        ["constant", "value", "unit", "it is", "source"], rows, 5
    )


def _markdown(head, rows, words):
    """A table whose first columns are words and the others numbers."""
    rule = ["---" if column < words else "--:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def servers_played(constants, students, shape, seconds):
    """The fewest workers with which 95 in 100 wait no longer than that when it is played through, and those on paper."""
    shapes, service = minute.shapes(constants), minute.worker_service(constants)
    presses = students * constants.presses
    paper = servers_for(minute.rates(shapes[shape], presses), service, sizing.PERCENT, seconds)
    at_once = Service([(1, 1e-6, 0)])
    low, high = 0, paper * 2
    while low + 1 < high:
        middle = (low + high) // 2
        played = simulation.play(shapes[shape], presses, (1000, 1000, middle), (at_once, at_once, service), SEED)
        low, high = (low, middle) if played.wait(sizing.PERCENT) <= seconds else (middle, high)
    return high, paper

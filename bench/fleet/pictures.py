"""The charts of docs/scaling.md, drawn with bench/svg.py from what the model gave."""
import minute
from svg import LEFT, RIGHT, TOP, WIDTH, Linear, Logarithmic, Page

COLOURS = {"even": 5, "front": 4, "bell": 2}


def growth(students, vcpu):
    """vCPU by students; `vcpu` has a list for each shape."""
    page = Page(
        "vCPU of a fleet, by the students of an exam minute",
        "95 in 100 wait less than 10 s for a worker. Both axes are logarithmic; where a line is steeper a further cell begins.",
    )
    return _lines(
        page, students, vcpu, "students (logarithmic)", lambda tick: f"{tick:,.0f}",
        Logarithmic(min(map(min, vcpu.values())) * 0.8, max(map(max, vcpu.values())) * 1.2, 1, 0),
    )


def queues(panels):
    """How many wait, by the second: on paper and played through. A panel is (shape, on paper, played)."""
    page = Page(
        "How many wait for a worker: on paper and played through",
        "1,000 students; the fewest workers with which 95 in 100 wait less than 10 s. Black is paper, colour the simulation.",
    )
    y = TOP + 20
    left = 70
    for shape, paper, played in panels:
        page.text(16, y, f"{shape}: {minute.MEANING[shape]}")
        top, bottom = y + 12, y + 112
        seconds = max(len(paper), len(played))
        across = Linear(seconds, left, WIDTH - RIGHT)
        up = Linear(max([*paper, *played, 1]), bottom, top)
        for tick in (0, up.most):
            page.rule(left, up(tick), WIDTH - RIGHT, up(tick))
            page.text(left - 8, up(tick) + 4, f"{tick:,.0f}", "end", "soft")
        page.curve([(across(second), up(value)) for second, value in enumerate(played)], COLOURS[shape])
        points = [(across(second), up(value)) for second, value in enumerate(paper)]
        for before, after in zip(points, points[1:]):
            page.rule(*before, *after, "one")
        for tick in across.ticks():
            page.text(across(tick), bottom + 15, f"{tick:g} s", "middle", "soft")
        y = bottom + 44
    page.bottom = y - 24
    return page


def saturation(found):
    """A bar for each part of one database's cell: how many students it bears. `found` is by name."""
    page = Page(
        "What is at its end first, were everything else without bounds",
        "Students of an exam minute, half of whose presses come in ten seconds, 95 in 100 within 10 s; logarithmic.",
    )
    rows = sorted(found.items(), key=lambda row: row[1])
    scale = Logarithmic(100, rows[-1][1] * 2, LEFT, WIDTH - 80)
    y = TOP + 18
    for name, students in rows:
        page.text(LEFT - 8, y + 13, name, "end")
        page.bar(LEFT, y, scale(students) - LEFT, 17, 0 if name.startswith("one ") else 4)
        page.text(scale(students) + 6, y + 13, f"{students:,}", "start", "soft")
        y += 24
    _across(page, scale, TOP + 12, y, lambda tick: f"{tick:,.0f}")
    page.bottom = y + 22
    return page


def tornado(base, rows):
    """What half and twice of each constant does to the vCPU; `rows` are (name, with half, with twice)."""
    page = Page(
        "vCPU when a constant is half or twice as much",
        "100,000 students, half of whose presses come in ten seconds, 95 in 100 within 10 s. The line is with the constants as they are.",
    )
    y = page.legend(TOP + 10, [("half", 5), ("twice", 6)])
    rows = [row for row in rows if row[1] != base or row[2] != base]
    ends = [value for row in rows for value in row[1:]] + [base]
    scale = Logarithmic(min(ends) * 0.8, max(ends) * 1.3, LEFT, WIDTH - RIGHT)
    top = y - 6
    for name, half, twice in rows:
        page.text(LEFT - 8, y + 11, name, "end")
        for value, colour in ((half, 5), (twice, 6)):
            begin, end = sorted((scale(base), scale(value)))
            if end - begin >= 1:
                page.bar(begin, y + (0 if colour == 5 else 7), end - begin, 7, colour)
        y += 20
    _across(page, scale, top, y, lambda tick: f"{tick:,.0f}")
    page.rule(scale(base), top, scale(base), y, "one")
    page.bottom = y + 22
    return page


def _lines(page, across_values, rows, words, form, up):
    top = page.legend(TOP + 14, [(shape, COLOURS[shape]) for shape in rows])
    left, bottom = 80, top + 280
    up.begin, up.end = bottom, top
    across = Logarithmic(across_values[0], across_values[-1], left, WIDTH - RIGHT)
    for tick in up.ticks():
        page.rule(left, up(tick), WIDTH - RIGHT, up(tick))
        page.text(left - 8, up(tick) + 4, form(tick), "end", "soft")
    for shape, values in rows.items():
        page.curve([(across(x), up(y)) for x, y in zip(across_values, values)], COLOURS[shape])
    decades = [tick for tick in across.ticks() if f"{tick:.0e}"[0] == "1"]
    for tick in decades:
        page.rule(across(tick), top, across(tick), bottom)
        page.text(across(tick), bottom + 16, form(tick), "middle", "soft")
    page.text(WIDTH - RIGHT, bottom + 34, words, "end", "soft")
    page.bottom = bottom + 36
    return page


def _across(page, scale, top, bottom, form):
    for tick in scale.ticks():
        page.parts.insert(0, f'<line x1="{scale(tick):.1f}" y1="{top}" x2="{scale(tick):.1f}" y2="{bottom}" class="grid"/>')
        if f"{tick:.0e}"[0] in "1" or scale.most / scale.least < 30:
            page.text(scale(tick), bottom + 16, form(tick), "middle", "soft")

"""The minute played through, event by event: what the formulas are checked against.

Every submission goes `API -> database -> worker -> database -> API`: accepted, run, reported, fetched. Each is a station
of several servers and one queue in the order of arrival; a submission is counted as waiting from when it was accepted to
when a worker begins it. Chance comes from the seed alone. What a network does to a message is left out.
"""
import collections
import heapq
import random

import minute

API, DATABASE, WORKER = range(3)
WAY = (API, DATABASE, WORKER, DATABASE, API)
RUN = WAY.index(WORKER)


class Played:
    """What came of a minute; times in seconds."""

    def __init__(self, waits, totals, queued, busy, end, servers):
        self.waits, self.totals = sorted(waits), sorted(totals)
        # How many waited for a worker at each full second, and the most at any time.
        self.queued, self.most_queued = queued
        # The part of the minute that each station was busy for.
        self.busy = [time / count / minute.MINUTE for time, count in zip(busy, servers)]
        # When the last had its result.
        self.end = end

    def wait(self, percent):
        return percentile(self.waits, percent)


def percentile(ordered, percent):
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]


def play(shape, presses, servers, services, seed):
    """One minute. `servers` and `services` are those of `API`, `DATABASE` and `WORKER`; a service is for one visit."""
    chance = random.Random(seed)
    times = minute.pieces_to_times(shape, presses, chance)
    # An event is (time, number of the submission, step of its way): the step begins then, or its place in the queue.
    events = [(time, number, 0) for number, time in enumerate(times)]
    heapq.heapify(events)
    free, waiting = list(servers), [collections.deque() for _ in servers]
    busy = [0.0] * len(servers)
    accepted, waits, totals = {}, [], []
    looks, next_look, most = [], 0.0, 0

    def begin(now, number, step):
        station = WAY[step]
        if step == RUN:
            waits.append(now - accepted.pop(number))
        took = services[station].draw(chance)
        # What falls into the minute.
        busy[station] += max(min(now + took, minute.MINUTE) - now, 0.0)
        heapq.heappush(events, (now + took, number, ~step))

    while events:
        now, number, step = heapq.heappop(events)
        while next_look <= now:
            looks.append(len(waiting[WORKER]))
            next_look += 1.0
        if step < 0:
            step = ~step
            station = WAY[step]
            if waiting[station]:
                begin(now, *waiting[station].popleft())
            else:
                free[station] += 1
            step += 1
            if step == len(WAY):
                totals.append(now - times[number])
                continue
        station = WAY[step]
        if step == RUN:
            accepted[number] = now
        if free[station]:
            free[station] -= 1
            begin(now, number, step)
        else:
            waiting[station].append((number, step))
            if station == WORKER:
                most = max(most, len(waiting[WORKER]))
    return Played(waits, totals, (looks, most), busy, now, servers)


def fullest_cell(tenants, mean_students, cells, seed):
    """The students of the fullest cell over the mean, where tenants of uneven size are hashed to cells."""
    chance = random.Random(seed)
    filled = [0.0] * cells
    for _ in range(tenants):
        filled[chance.randrange(cells)] += chance.lognormvariate(0, 1) * mean_students
    return max(filled) * cells / sum(filled)

"""Waiting times on paper: several servers with one queue, in the order of arrival.

Two views, put together by `Wait`. While more arrives than is served the queue is a fluid: how long one waits follows
from what came and what could be served, and chance hardly matters. While less arrives, waiting is chance alone: M/G/c
after Allen and Cunneen, with waits that are exponentially distributed among those that wait at all. That is for a queue
at rest. A minute may be too short to come to rest where servers are hardly ever free; there a wait is no longer than that
of a queue which chance alone drives up and down, for that long, as a reflected Brownian motion.
"""
import math


def erlang_c(servers, load):
    """The probability that somebody waits, of `servers` that are offered `load` servers' work, less than there are."""
    if load >= servers:
        return 1.0
    # Erlang's B by its recursion, which does not overflow.
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def waits_at_rest(servers, rate, service, seconds=math.inf):
    """Of M/G/c: the probability to wait, and the mean time of those that do, in a queue that began so long ago."""
    load = rate * service.mean
    mean = service.mean * (1 + service.variation) / 2 / (servers - load)
    driven = math.sqrt(2 * rate * seconds * (1 + service.variation) / math.pi) * service.mean / servers
    return erlang_c(servers, load), min(mean, driven)


class Wait:
    """How long presses wait for one of `servers`, whose arrivals are `rates` (`minute.rates`), beginning with idle ones.

    Rates have to fall from one stretch to the next, as those of all shapes do.
    """

    def __init__(self, servers, rates, service):
        self.servers, self.service, self.rates = servers, service, rates
        self.capacity = servers / service.mean
        # Of each stretch of time: its length, the wait at its begin and at its end, and the rate.
        self.stretches = []
        begin = rates[0][0] + self._idle_s(*rates[0])
        self.stretches.append((begin - rates[0][0], 0.0, 0.0, rates[0][2]))
        wait = self.most_wait = 0.0
        for _, end, rate in rates:
            # By how much a wait grows in a second.
            slope = rate / self.capacity - 1
            filled = end - begin if slope >= 0 else min(end - begin, wait / -slope)
            after = max(wait + slope * filled, 0.0)
            self.stretches += [(filled, wait, after, rate), (end - begin - filled, 0.0, 0.0, rate)]
            begin, wait = end, after
            self.most_wait = max(self.most_wait, wait)
        # After the last arrival: until all have begun.
        self.drain = wait
        self.total = sum(length * rate for length, _, _, rate in self.stretches)

    def _idle_s(self, begin, end, rate):
        """How long a server is free for whoever comes, when more comes than can be served: each that comes takes one, for
        as long as it is there."""
        if rate <= self.capacity:
            return 0.0
        return _where(lambda seconds: rate * self.service.within(seconds) >= self.servers, 0.0, end - begin)

    def within(self, seconds):
        """The part of the presses that wait no longer than that."""
        return sum(
            length * rate * self._part_within(seconds, length, before, after, rate)
            for length, before, after, rate in self.stretches if length > 0
        ) / self.total

    def _part_within(self, seconds, length, before, after, rate):
        low, high = sorted((before, after))
        if high > 0:
            return 1.0 if high <= seconds else max(seconds - low, 0.0) / (high - low)
        if rate >= self.capacity:
            return 1.0  # Servers are idle yet.
        waits, mean = waits_at_rest(self.servers, rate, self.service, length)
        return 1 - waits * math.exp(-seconds / mean)

    def percentile(self, percent):
        """The seconds that so many of a hundred wait at the most."""
        most = 1.0
        while self.within(most) * 100 < percent:
            most *= 2
        return _where(lambda seconds: self.within(seconds) * 100 >= percent, 0.0, most)

    def most_queued(self):
        return self.most_wait * self.capacity

    def queued_at(self, seconds):
        """How many wait at that time."""
        begin = self.rates[0][0]
        for length, before, after, _ in self.stretches:
            if seconds < begin + length:
                return (before + (after - before) * (seconds - begin) / length) * self.capacity
            begin += length
        return max(self.drain - (seconds - begin), 0.0) * self.capacity


def _where(enough, low, high):
    """The least for which it is true, which holds for everything above it; `high` if it is nowhere."""
    if enough(low):
        return low
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def servers_for(rates, service, percent, seconds):
    """The fewest servers with which so many of a hundred wait no longer than that."""
    busiest = max(rate for _, _, rate in rates) * service.mean
    low, high = 0, max(math.ceil(busiest * 1.5) + 8, 1)
    while low + 1 < high:
        middle = (low + high) // 2
        enough = Wait(middle, rates, service).within(seconds) * 100 >= percent
        low, high = (low, middle) if enough else (middle, high)
    return high

"""The exam minute: when students press Run, and what each press costs a worker. No queue is known here.

A shape is a list of pieces `(begin, end, part)`: between these seconds that part of all presses comes, evenly or (in the
simulation) as chance has it. The parts add up to 1.
"""
import math

MINUTE = 60.0
# The first press of a minute that begins at the bell comes within this many seconds.
BELL = 1.0


def shapes(constants):
    """Every shape by its name."""
    first = 1 / constants.presses
    return {
        "even": [(0, MINUTE, 1.0)],
        "front": [(0, 10, 0.5), (10, MINUTE, 0.5)],
        "bell": [(0, BELL, first), (BELL, MINUTE, 1 - first)],
    }


MEANING = {
    "even": "spread evenly over the minute",
    "front": "half of the presses in the first ten seconds, the others evenly in the remaining fifty",
    "bell": "everybody's first press within one second of the bell, the others evenly in the rest of the minute",
}


def rates(shape, presses):
    """The same as `(begin, end, presses a second)`."""
    return [(begin, end, part * presses / (end - begin)) for begin, end, part in shape]


class Service:
    """What submissions take of one processor, in seconds: a mixture of kinds `(part, fixed, spread)`.

    A kind takes `fixed`, and on top of it a time that is exponentially distributed with the mean `spread`.
    """

    def __init__(self, kinds):
        self.kinds = [kind for kind in kinds if kind[0] > 0]
        self.mean = sum(part * (fixed + spread) for part, fixed, spread in self.kinds)
        second = sum(part * ((fixed + spread) ** 2 + spread**2) for part, fixed, spread in self.kinds)
        # The squared coefficient of variation: 0 if all are equal, 1 if they are exponentially distributed.
        self.variation = second / self.mean**2 - 1

    def within(self, seconds):
        """The mean of what it takes, or of these seconds if it takes longer."""
        return sum(
            part * (seconds if seconds <= fixed else fixed + (spread and spread * -math.expm1((fixed - seconds) / spread)))
            for part, fixed, spread in self.kinds
        )

    def draw(self, chance):
        left = chance.random()
        for part, fixed, spread in self.kinds:
            left -= part
            if left < 0:
                break
        return fixed + (chance.expovariate(1 / spread) if spread else 0)


LANGUAGES = ("python", "java", "cpp")


def worker_service(constants):
    """Of a worker, in the mixture of languages."""
    return Service([kind for language in LANGUAGES for kind in kinds(constants, language)])


def kinds(constants, language):
    """What submissions in a language take of a worker: those that end, and those that do not."""
    shares = {"python": constants.python_share, "cpp": constants.cpp_share}
    shares["java"] = max(1 - sum(shares.values()), 0.0)
    first, further = (getattr(constants, f"{language}_{which}_ms") for which in ("first", "further"))
    ours = (first + further * (constants.inputs - 1)) * constants.saturated / 1e3
    own = constants.student_ms * constants.inputs / 1e3
    return [
        (shares[language] * (1 - constants.looping_share), ours, own),
        (shares[language] * constants.looping_share, ours + constants.limit_s * constants.inputs, 0),
    ]


def pieces_to_times(shape, presses, chance):
    """The seconds of all presses, in order: of each piece so many as belong to it, wherever in it chance has them."""
    times = []
    for begin, end, part in shape:
        times += [chance.uniform(begin, end) for _ in range(math.floor(part * presses + chance.random()))]
    times.sort()
    return times

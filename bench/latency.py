"""How long one submission takes, beside the same program as a command of the same minute.

Every round of a language runs each of its cases once, and the next round begins with another one: what else the machine does
meets all of them alike. Processor time is taken afterwards, in blocks.
"""
import contextlib
import dataclasses
import os
import statistics
import time

import machine
from peers import Bare, Bubblewrap
from workloads import INPUTS, expected

# Rounds before those that count: they warm caches, and show which cases do not work here.
DROPPED = 2
# A round of a compiled language takes seconds.
COMPILED_SHARE = 4
# About how long a block is, and the fewest runs in it.
BLOCK_S = 1.0
FEWEST_RUNS = 2
# What follows an answer, such as removing the box or making the next, belongs to that submission: its end is waited for
# in a block, and not left to slow down the case that comes next in a round.
SETTLE_S = 0.1
COMPILED_SETTLE_S = 0.3


@dataclasses.dataclass
class Case:
    """One thing that is timed. `prepare` and `check` are not."""

    name: str
    inputs: int
    prepare: callable
    run: callable
    check: callable
    settle_s: float = 0.0
    times_ms: list = dataclasses.field(default_factory=list)
    cpu_ms: list = dataclasses.field(default_factory=list)

    def once(self):
        self.prepare()
        start = time.perf_counter()
        self.run()
        took = (time.perf_counter() - start) * 1000
        self.check()
        return took


def measure(language, servers, peers, rounds, blocks, skip, say):
    """The cases of one language, measured. What can not be is told to `skip`, with the reason."""
    rounds = rounds if not language.compile else max(rounds // COMPILED_SHARE, 3)
    with contextlib.ExitStack() as open_files:
        cases = list(_cases(language, servers, peers, open_files))
        for number in range(DROPPED + rounds):
            say(f"{language.name}: round {number + 1} of {DROPPED + rounds}")
            first = number % len(cases)
            for case in cases[first:] + cases[:first]:
                try:
                    took = case.once()
                except RuntimeError as error:
                    # Without the bare command there is nothing to compare with.
                    if number > 0 or case.name == Bare.name:
                        raise
                    skip(f"{language.name}, {case.name}, {case.inputs} inputs", str(error))
                    cases.remove(case)
                    continue
                if number >= DROPPED:
                    case.times_ms.append(took)
                time.sleep(case.settle_s)
        for number in range(blocks):
            say(f"{language.name}: processor time, block {number + 1} of {blocks}")
            for case in cases:
                case.cpu_ms.append(_cpu_ms(case))
    return cases


def _cpu_ms(case):
    """Processor time of the whole machine for each of several runs, one after the other."""
    runs = max(FEWEST_RUNS, int(BLOCK_S * 1000 / statistics.median(case.times_ms)))

    def block():
        for _ in range(runs):
            case.once()
        time.sleep(COMPILED_SETTLE_S)

    return machine.busy_during(block) * 1000 / runs


def _cases(language, servers, peers, open_files):
    for peer in peers:
        for inputs in INPUTS:
            # Ten containers a round would take longer than everything else.
            if inputs == 1 or isinstance(peer, Bubblewrap) or peer.name == Bare.name:
                yield _command(language, peer, inputs, open_files)
    for server, name in servers:
        if language.compile:
            kinds = {"first time": language.fresh_code, "same code again": _always(language.fresh_code())}
        else:
            kinds = {"": _always(language.code)}
        for inputs in INPUTS:
            for kind, code in kinds.items():
                yield _submission(language, server, _joined(name, kind), "program", inputs, code)
            if language.function:
                code = _always(language.function)
                yield _submission(language, server, _joined(name, "function"), "function", inputs, code)


def _always(code):
    return lambda: code


def _joined(*words):
    return ", ".join(word for word in words if word)


def _command(language, peer, inputs, open_files):
    """The compiler once, where there is one, and the program for each input."""
    compiling = peer.command(language.compile) if language.compile else None
    running = peer.command(language.run)
    answers = _memory_file(b"", open_files)
    nothing = _memory_file(b"", open_files)
    texts = [_memory_file(f"{text}\n".encode(), open_files) for text in INPUTS[inputs]]

    def prepare():
        with open(language.source, "w", encoding="utf-8") as file:
            file.write(language.fresh_code())
        os.truncate(answers, 0)
        for file in (answers, *texts):
            os.lseek(file, 0, os.SEEK_SET)

    def run():
        if compiling:
            peer.run(compiling, nothing, answers)
        for text in texts:
            peer.run(running, text, answers)

    def check():
        _check([expected(text) for text in INPUTS[inputs]], os.pread(answers, 1 << 16, 0).decode().split(), peer.name)

    return Case(peer.name, inputs, prepare, run, check)


def _submission(language, server, name, mode, inputs, code):
    """From `POST /run` to the final result."""
    body = {"language": language.id, "mode": mode, "inputs": INPUTS[inputs]}
    answer = {}

    def prepare():
        body["code"] = code()

    def run():
        answer.update(server.result(server.submit(body)))

    def check():
        if answer["verdict"] != "ok":
            raise RuntimeError(f"{answer['verdict']}: {answer['results'] or answer['compile']}")
        _check([expected(text) for text in INPUTS[inputs]], [one["output"].strip() for one in answer["results"]], name)

    settle_s = COMPILED_SETTLE_S if language.compile else SETTLE_S
    return Case(name, inputs, prepare, run, check, settle_s)


def _check(wanted, got, name):
    if wanted != got:
        raise RuntimeError(f"{name} printed {got} instead of {wanted}")


def _memory_file(content, open_files):
    file = os.memfd_create("bench")
    open_files.callback(os.close, file)
    os.write(file, content)
    return file

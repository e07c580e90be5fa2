"""Many submissions: as many a second as the machine can do, three hundred at once, ten thousand waiting."""
import collections
import json
import os
import statistics
import time

import machine
from workloads import INPUTS

CONNECTIONS = 8
# Enough that no worker waits for the client, which looks only every few milliseconds.
IN_FLIGHT = 128
LOOK_S = 0.01


class Crowd:
    """A client with several connections and any number of submissions that wait for their result.

    Submissions are executed in the order in which they came, so only the oldest are asked for: a few more than were ready
    the last time. That keeps the client, and what the server does to answer it, small.
    """

    def __init__(self, server, language, connections=CONNECTIONS):
        self.connections = [server.connect() for _ in range(connections)]
        body = {"language": language.id, "mode": "program", "code": language.code, "inputs": INPUTS[1]}
        self.post = self.connections[0].request("POST", "/run", json.dumps(body).encode())
        self.waiting = collections.deque()
        self.ready = 0

    def submit(self, count):
        """Submits, and waits until all are accepted."""
        ways = len(self.connections)
        for index, connection in enumerate(self.connections):
            connection.send(self.post * len(range(index, count, ways)))
        # A connection's requests are read one after the other, so this is about the order in which they are queued.
        for index in range(count):
            status, body = self.connections[index % ways].answer()
            if status != 202:
                raise RuntimeError(f"not accepted: {status} {body.decode()}")
            exec_id = json.loads(body)["exec_id"]
            self.waiting.append(self.connections[0].request("GET", f"/result/{exec_id}"))

    def collect(self):
        """Asks for the oldest; gives how many of them are finished."""
        count = self.ready + self.ready // 4 + machine.CORES
        asked = [self.waiting.popleft() for _ in range(min(count, len(self.waiting)))]
        ways = len(self.connections)
        for index, connection in enumerate(self.connections):
            connection.send(b"".join(asked[index::ways]))
        pending = []
        for index, request in enumerate(asked):
            status, body = self.connections[index % ways].answer()
            if status == 202:
                pending.append(request)
            elif status != 200 or b'"verdict":"ok"' not in body:
                raise RuntimeError(f"not run: {status} {body.decode()}")
        self.waiting.extendleft(reversed(pending))
        done = len(asked) - len(pending)
        self.ready = done
        return done

    def drain(self):
        while self.waiting:
            self.collect()
            time.sleep(LOOK_S)

    def close(self):
        for connection in self.connections:
            connection.close()


def sustained(server, language, bare, slices, seconds, say):
    """Submissions a second on all cores, in turn with bare starts a second by as many processes as there are cores."""
    crowd = Crowd(server, language)
    rates, starts, client = [], [], []
    for number in range(slices):
        say(f"throughput: slice {number + 1} of {slices}")
        starts.append(_starts_per_second(bare, language, seconds))
        crowd.submit(IN_FLIGHT)
        serve_until(crowd, time.perf_counter() + seconds / 4)
        begin, own = time.perf_counter(), time.process_time()
        done = serve_until(crowd, begin + seconds)
        took = time.perf_counter() - begin
        rates.append(done / took)
        client.append((time.process_time() - own) / took / machine.CORES)
        crowd.drain()
    crowd.close()
    return {
        "per_second": statistics.median(rates), "bare_per_second": statistics.median(starts),
        "ratio": statistics.median(rate / start for rate, start in zip(rates, starts)),
        "client_share_of_cpu": statistics.median(client), "slices": slices, "seconds": seconds,
        "rates": rates, "bare_rates": starts,
    }


def serve_until(crowd, end):
    """Keeps the number of those in flight; gives how many were finished."""
    done = 0
    while time.perf_counter() < end:
        finished = crowd.collect()
        crowd.submit(finished)
        done += finished
        time.sleep(LOOK_S)
    return done


def _starts_per_second(bare, language, seconds):
    with open(language.source, "w", encoding="utf-8") as file:
        file.write(language.code)
    text = os.open("input", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    os.write(text, INPUTS[1][0].encode())
    os.close(text)
    nothing = os.open(os.devnull, os.O_WRONLY)
    running, done = set(), 0
    begin = time.perf_counter()
    while True:
        more = time.perf_counter() < begin + seconds
        while more and len(running) < machine.CORES:
            # Each opens the file anew: a shared one would be read to its end by the first.
            files = [(os.POSIX_SPAWN_OPEN, 0, "input", os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)]
            running.add(os.posix_spawn(language.run[0], language.run, bare.environment, file_actions=files))
        if not running:
            break
        process, status = os.waitpid(-1, 0)
        if process in running:
            if status != 0:
                raise RuntimeError("the bare command failed")
            running.remove(process)
            done += 1
    os.close(nothing)
    return done / (time.perf_counter() - begin)


def burst(server, language, count, per_second, say):
    """Everybody of a large course at once, each with a connection of their own."""
    say(f"{count} at once")
    crowd = Crowd(server, language, count)
    begin = time.perf_counter()
    crowd.submit(count)  # Raises if one is not accepted.
    accepted = time.perf_counter() - begin
    for connection in crowd.connections[CONNECTIONS:]:
        connection.close()
    del crowd.connections[CONNECTIONS:]
    # The requests carry their key themselves, so that any connection can ask.
    crowd.drain()
    last = time.perf_counter() - begin
    crowd.close()
    return {"count": count, "accepted_s": accepted, "last_s": last, "ratio": last / (count / per_second)}


def queue(server, language, levels, seconds, say):
    """What a long queue costs: memory, the time of a submit, and the rate at which submissions are finished.

    A claim can not be timed from outside. If it took longer in a longer queue, fewer submissions would be finished.
    """
    crowd = Crowd(server, language)
    rows = []
    for level in levels:
        say(f"{level} waiting")
        _fill(server, crowd, level)
        finished, begin, submits = _finished(server), time.perf_counter(), []
        while time.perf_counter() < begin + seconds:
            started = time.perf_counter()
            crowd.connections[0].send(crowd.post)
            status, _ = crowd.connections[0].answer()
            if status != 202:
                raise RuntimeError(f"not accepted: {status}")
            submits.append((time.perf_counter() - started) * 1000)
            if len(submits) % 20 == 0:
                _fill(server, crowd, level)
            time.sleep(0.02)
        rate = (_finished(server) - finished) / (time.perf_counter() - begin)
        rows.append({
            "waiting": level, "per_second": rate, "submit_p50_ms": statistics.median(submits),
            "submit_p95_ms": statistics.quantiles(submits, n=20)[18],
            "server_rss_mib": machine.resident_kib(server.process.pid) / 1024, "submits_ms": submits,
        })
    crowd.close()
    for row in rows:
        row["slower_by_ms"] = (1 / row["per_second"] - 1 / rows[0]["per_second"]) * 1000
    return rows


def _fill(server, crowd, level):
    """Submits until `level` are waiting; the results of these are not asked for."""
    while (missing := level - server.request("GET", "/health")[1]["queued"]) > 0:
        crowd.submit(min(missing, 200))
        crowd.waiting.clear()


def _finished(server):
    return server.request("GET", "/metrics")[1]["total_executions"]

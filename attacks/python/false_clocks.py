#: what     replaces the clocks with ones that stand still and works for ever: the limit has a clock of its own
#: id       A-137
#: control  cpu_time
#: limits   cpu_time_ms=400 wall_time_ms=3000
#: expect   time_limit
#: error    CPU time
#: wall_ms  1500
import resource, time

for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "sleep"):
    setattr(time, name, lambda *_: 1)
resource.getrusage = None
try:
    # The time that it is, so that nothing happens even if it is allowed.
    time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
except PermissionError:
    while time.time() < 2:
        pass

#: what     ignores every signal it can, then spins
#: id       A-012
#: control  cpu_time
#: limits   cpu_time_ms=300 wall_time_ms=5000
#: expect   time_limit
#: error    CPU time
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass

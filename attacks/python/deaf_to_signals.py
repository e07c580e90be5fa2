#: what     ignores every signal it can, then spins
#: limits   cpu_time_ms=300
#: expect   time_limit
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass

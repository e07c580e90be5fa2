#: what     the main process sleeps, a grandchild in a session of its own spins: its CPU time counts
#: limits   cpu_time_ms=300 wall_time_ms=8000
#: expect   time_limit
#: error    CPU time
import os, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            pass
    os._exit(0)
time.sleep(60)

#: what     the main process sleeps, a grandchild in a session of its own spins: its CPU time counts
#: id       A-007
#: control  cpu_time
#: limits   cpu_time_ms=300 wall_time_ms=5000
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

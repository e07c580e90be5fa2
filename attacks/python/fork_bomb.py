#: what     every process forks for ever and spins
#: id       A-001
#: control  processes
#: limits   cpu_time_ms=500 processes=20
#: expect   time_limit
#: tasks    21
import os

while True:
    try:
        os.fork()
    except OSError:
        pass

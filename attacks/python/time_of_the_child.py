#: what     a child sleeps long after its parent has ended: only the parent's time is measured
#: id       A-137
#: control  teardown
#: expect   ok
#: output   done
#: wall_ms  1000
import os, time

if os.fork() == 0:
    os.setsid()
    time.sleep(15)
    print("late")
    os._exit(1)
time.sleep(0.3)
print("done")

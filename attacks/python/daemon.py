#: what     leaves a process behind that holds the output open, and ends
#: id       A-041
#: control  teardown
#: expect   ok
#: output   done
#: wall_ms  3000
import os, sys, time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
    os._exit(0)
os.wait()
print("done")

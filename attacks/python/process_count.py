#: what     no more processes than allowed, itself included
#: id       A-001
#: control  processes
#: limits   processes=8
#: expect   ok
#: output   7
#: tasks    9
import os, time

children = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        children += 1
except OSError:
    print(children)

#: what     signals to PID 1 of the box are refused
#: id       A-044
#: control  uid+landlock
#: expect   ok
#: output   refused
import os

reached = []
for number in range(0, 65):
    try:
        os.kill(1, number)
        reached.append(number)
    except OSError:
        pass
print(reached or "refused")

#: what     sees no process but its own
#: expect   ok
#: output   1
import os

print(sum(name.isdigit() for name in os.listdir("/proc")))

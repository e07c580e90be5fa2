#: what     no privilege, no way to one, and a filter; neutral names
#: id       A-099
#: control  capabilities
#: expect   ok
#: output   True 0000000000000000 1 2 box
import os

status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
capabilities = {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}
ids = os.getresuid() + os.getresgid()
print(len(set(ids)) == 1 and ids[0] >= 10_000 and not os.getgroups(), *capabilities,
      status["NoNewPrivs"], status["Seccomp"], os.uname().nodename)

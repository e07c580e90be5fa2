#: what     looks for the host's secrets and everything else that is not in the box
#: id       A-069
#: control  host_files
#: expect   ok
#: output   nothing
import os

seen = []
for path in ("/etc/shadow", "/root", "/home", "/var", "/run", "/sys", "/boot", "/opt", "/srv", "/usr/local", "/etc/ssh",
             "/proc/kcore", "/proc/kmsg", "/proc/sys", "/proc/meminfo", "/proc/cmdline", "/proc/1", "/proc/keys",
             "/proc/sysrq-trigger", "/dev/mem", "/dev/tty", "/dev/ptmx", "/dev/vda", "/dev/kvm"):
    if os.path.lexists(path):
        seen.append(path)
with open("/etc/passwd") as file:
    seen += [line for line in file if not line.startswith(("root:", "student:"))]
print(seen or "nothing")

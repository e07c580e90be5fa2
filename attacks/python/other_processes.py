#: what     walks the list of processes, asks for every number as well, and reads what there is of others
#: id       A-071
#: control  proc
#: expect   ok
#: output   held
import os

own = str(os.getpid())
numbers = {name for name in os.listdir("/proc") if name.isdigit()}
assert own in numbers
numbers |= {str(number) for number in range(1, 33000) if os.path.lexists(f"/proc/{number}")}
found = []
for number in numbers - {own}:
    for name in ("cmdline", "environ", "maps", "status"):
        try:
            with open(f"/proc/{number}/{name}") as file:
                found.append(f"ESCAPED {number} {name}: {file.read()[:300]!r}")
        except OSError as error:
            found.append(f"ESCAPED {number} is seen, {name}: {error.strerror}")
    for name in ("cwd", "exe", "root", "fd"):
        try:
            folder = name == "fd"
            found.append(f"ESCAPED {number} {name}: {(os.listdir if folder else os.readlink)(f'/proc/{number}/{name}')}")
        except OSError:
            pass
print("\n".join(found) or "held")

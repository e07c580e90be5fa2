#: what     looks for a privilege in every thread and descendant, then asks for all of them back and looks again
#: id       A-099
#: control  capabilities
#: expect   ok
#: output   held
import ctypes
import os
import shutil
import subprocess
import threading

libc = ctypes.CDLL(None, use_errno=True)
escaped = []
EXPECTED = {
    **dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), "0" * 16), "NoNewPrivs": "1", "Seccomp": "2",
    "Groups": "", "Uid": "\t".join([str(os.getuid())] * 4), "Gid": "\t".join([str(os.getuid())] * 4),
}


def breaches(who, text):
    """What is not as it should be in a status of the kernel."""
    status = dict(line.split(":", 1) for line in text.splitlines())
    wrong = [name for name, value in EXPECTED.items() if status[name].strip() != value]
    return [f"ESCAPED {who}: {name} is {status[name].strip()}" for name in wrong]


def examine(who):
    for task in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{task}/status") as status:
            escaped.extend(breaches(who, status.read()))


def examine_descendants(generations):
    """A child that forks on, whose last descendant examines itself and says what it found."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        for _ in range(generations - 1):
            if os.fork() != 0:
                os._exit(0)
        escaped.clear()
        examine(f"descendant {generations}")
        os.write(writer, "\n".join(escaped or ["fine"]).encode())
        os._exit(0)
    os.close(writer)
    os.wait()
    with open(reader) as found:
        escaped.extend(line for line in found.read().splitlines() if line != "fine")


def examine_everyone(when):
    waiting = threading.Event()
    threads = [threading.Thread(target=waiting.wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    examine(f"a thread, {when}")
    waiting.set()
    for thread in threads:
        thread.join()
    for generations in (1, 3):
        examine_descendants(generations)
    # An executed one, and one whose file says that it runs as its owner.
    shutil.copy("/usr/bin/python3", "/tmp/python")
    os.chmod("/tmp/python", 0o6755)
    for program in ("/usr/bin/python3", "/tmp/python"):
        code = "print(open('/proc/self/status').read(), end='')"
        escaped.extend(breaches(program, subprocess.check_output([program, "-I", "-c", code], text=True)))


def regain():
    for name in ("setuid", "seteuid", "setgid", "setegid"):
        try_to(name, lambda: getattr(os, name)(0))
    try_to("setresuid", lambda: os.setresuid(0, 0, 0))
    try_to("setresgid", lambda: os.setresgid(0, 0, 0))
    try_to("setgroups", lambda: os.setgroups([0]))
    try_to("chown", lambda: os.chown("/tmp/python", 0, 0))
    head, everything = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
    calls = {"capset": (126, head, everything), "ambient": (157, 47, 2, 21, 0, 0), "securebits": (157, 28, 0),
             "keepcaps": (157, 8, 1), "new privileges": (157, 38, 0, 0, 0, 0), "no filter": (157, 22, 0)}
    for name, arguments in calls.items():
        if libc.syscall(*arguments) != -1:
            escaped.append(f"ESCAPED {name}")


def try_to(name, call):
    try:
        call()
        escaped.append(f"ESCAPED {name}")
    except OSError:
        pass


if os.getuid() < 10_000:
    escaped.append(f"ESCAPED as user {os.getuid()}")
examine_everyone("at first")
regain()
examine_everyone("later")
print("\n".join(escaped) or "held")

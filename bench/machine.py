"""What the machine is, and what /proc says of the processes on it."""
import collections
import glob
import os
import platform
import re
import time

CORES = os.cpu_count()
TICK = os.sysconf("SC_CLK_TCK")


def describe():
    """What one has to know of a machine to read its figures, with how busy others keep it."""
    processor = re.search(r"^model name\s*: (.*)$", _text("/proc/cpuinfo"), re.MULTILINE)
    memory = int(re.search(r"^MemTotal:\s*(\d+)", _text("/proc/meminfo"), re.MULTILINE)[1]) / 2**20
    release = re.search(r'^PRETTY_NAME="?([^"\n]*)', _text("/etc/os-release"), re.MULTILINE)
    cgroups = "v2" if os.path.exists("/sys/fs/cgroup/cgroup.controllers") else "v1"
    return {
        "processor": processor[1] if processor else platform.machine(), "cores": CORES, "memory_gib": round(memory, 1),
        "kernel": re.match(r"[\d.]*", platform.release())[0], "distribution": release[1] if release else "",
        "cgroups": cgroups,
        "busy_before": busy_during(lambda: time.sleep(2)) / 2 / CORES,
    }


def line(machine):
    """The same in one line."""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']:.0f} GiB, "
        f"Linux {machine['kernel']}, cgroup {machine['cgroups']}, {machine['distribution']}, "
        f"{machine['busy_before'] * 100:.0f} % busy with other things"
    )


def busy_s():
    """Processor time that the whole machine has used so far, and where the figure is from.

    The root of cpuacct (cgroup v1) counts nanoseconds; /proc/stat, the only other place that has all processes, ticks.
    """
    try:
        return int(_text("/sys/fs/cgroup/cpuacct/cpuacct.usage")) / 1e9, "cpuacct.usage of the root cgroup"
    except OSError:
        user, nice, system, _, _, irq, softirq = map(int, _text("/proc/stat").split("\n", 1)[0].split()[1:8])
        return (user + nice + system + irq + softirq) / TICK, "/proc/stat"


def busy_during(action):
    """Processor time that the whole machine used during `action`, without this process."""
    before, own = busy_s()[0], time.process_time()
    action()
    return busy_s()[0] - before - (time.process_time() - own)


def tree(root):
    """The ids of a process and its descendants."""
    children = collections.defaultdict(list)
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            children[int(_text(path).rpartition(")")[2].split()[1])].append(int(path.split("/")[2]))
        except OSError:
            pass  # It has ended since it was listed.
    found = [root]
    for process in found:
        found.extend(children[process])
    return found


def cpu_s(process):
    """Processor time of a process and of its children that have ended."""
    return sum(map(int, _text(f"/proc/{process}/stat").rpartition(")")[2].split()[11:15])) / TICK


def resident_kib(process):
    return int(re.search(r"^VmRSS:\s*(\d+)", _text(f"/proc/{process}/status"), re.MULTILINE)[1])


def proportional_kib(process):
    """Memory of a process, with its part of what it shares."""
    return int(re.search(r"^Pss:\s*(\d+)", _text(f"/proc/{process}/smaps_rollup"), re.MULTILINE)[1])


def name(process):
    """What a process is called, with its first argument where that tells our own apart."""
    words = _text(f"/proc/{process}/cmdline").split("\0")
    program = os.path.basename(words[0]) or _text(f"/proc/{process}/comm").strip()
    return f"{program} {words[1]}" if program == "code-runner" and words[1:2] != [""] else program


def _text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()

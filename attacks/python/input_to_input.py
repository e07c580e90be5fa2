#: what     counts its calls in memory and in files and leaves a process, for the next input to find
#: id       A-124
#: control  shared_scratch
#: mode     function
#: inputs   1;2;3
#: expect   ok
#: output   held
import builtins, os, subprocess, sys
breaches = []
if hasattr(builtins, "calls"):
    breaches.append("ESCAPED memory of another input")
builtins.calls = 1
for path in ("/tmp/calls", "/box/calls"):
    if os.path.exists(path):
        breaches.append("ESCAPED a file of another input")
    with open(path, "w") as file:
        file.write(input_str)
if [name for name in os.listdir("/proc") if name.isdigit() and name != str(os.getpid())]:
    breaches.append("ESCAPED a process of another input")
subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
return "\n".join(breaches) or "held"

#: what     leaves modules with the names of Python's own in every folder it can; the harness, which imports later, loads its own
#: id       A-132
#: control  shared_scratch
#: mode     function
#: inputs   1;2;3
#: expect   ok
#: output   1;4;9
import glob
import os
import subprocess
import sys
for folder in ("/box", "/tmp", "/dev/shm", "/code", "/usr/lib/python3/dist-packages", "/box/.local/lib/python3/site-packages"):
    if os.path.exists(folder + "/asyncio.py"):
        return "ESCAPED a module of another input"
    try:
        os.makedirs(folder, exist_ok=True)
        for name in ("asyncio", "json", "os", "encodings", "sitecustomize", "usercustomize", "conftest", "solution", "harness", "_ast"):
            with open(f"{folder}/{name}.py", "w") as file:
                file.write("import os\nos.write(1, b'loaded')\nopen('/answer', 'w').write('=shadow')\nos._exit(0)\n")
    except OSError:
        pass
said = subprocess.run([sys.executable, "-I", "-c", "import json, asyncio"], capture_output=True, cwd="/box").stdout
if said:
    return "ESCAPED " + said.decode()
async def wait():
    return None
# Asynchronous, so that the harness imports asyncio when these files are there.
await wait()
return int(input_str) ** 2

#: what     tries to change the standard library and its byte code, and to leave modules that later programs would import
#: id       A-076
#: control  readonly+landlock+uid
#: inputs   1;2
#: expect   ok;ok
#: output   held;held
import glob, importlib.util, os, site, sys

breaches = []
library = os.path.dirname(os.__file__)
files = [os.__file__, importlib.util.cache_from_source(os.__file__), os.path.realpath(sys.executable), sys.argv[0]]
files += glob.glob(f"{library}/*.py") + glob.glob(f"{library}/encodings/__pycache__/*") + glob.glob(f"{library}/lib-dynload/*")
assert os.path.exists(os.__file__) and len(files) > 50
for path in filter(os.path.exists, files):
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        breaches.append(f"may write {path}")
    except OSError:
        pass
    try:
        os.utime(path)
        breaches.append(f"may change the times of {path}")
    except OSError:
        pass
folders = [library, f"{library}/__pycache__", "/usr/lib/python3/dist-packages", "/usr/local/lib", "/code", *sys.path[1:]]
for folder in filter(os.path.isdir, folders):
    for name in ("sitecustomize.py", "mark.pth", "json.py"):
        try:
            with open(os.path.join(folder, name), "x"):
                breaches.append(f"made {folder}/{name}")
            os.unlink(os.path.join(folder, name))
        except OSError:
            pass
# These may be made, and must be gone in the next run.
user = site.getusersitepackages()
for path in (f"{user}/usercustomize.py", "/box/json.py", "/tmp/mark.pyc", "/dev/shm/mark"):
    if os.path.exists(path):
        breaches.append(f"left by an earlier run: {path}")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write("raise SystemExit('poisoned')")
print("\n".join(f"ESCAPED {breach}" for breach in breaches[:20]) or "held")

#: what     changes built-ins, modules, import hooks, language and handlers and leaves start files, for the next run to find
#: id       A-118
#: control  shared_scratch
#: mode     function
#: inputs   1;2;3
#: expect   ok
#: output   held
import builtins, gc, importlib, json, locale, os, random, signal, site, string, sys, threading
breaches = []
def check(is_pristine, what):
    if not is_pristine:
        breaches.append("ESCAPED " + what)
check(len.__name__ == "len" and type(len) is type(print), "built-in")
check(not hasattr(builtins, "poison") and "poison" not in sys.modules, "module")
hooks = {getattr(finder, "__name__", type(finder).__name__) for finder in sys.meta_path}
check(hooks <= {"BuiltinImporter", "FrozenImporter", "PathFinder", "DistutilsMetaFinder"}, "import hooks")
check(json.dumps(1) == "1" and string.digits == "0123456789", "library")
check(locale.setlocale(locale.LC_ALL) in ("C", "C.UTF-8") or "LC_CTYPE=C.UTF-8" in locale.setlocale(locale.LC_ALL), "language")
check(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL, "handler")
check(sys.excepthook is sys.__excepthook__ and sys.gettrace() is None and sys.getrecursionlimit() == 1000, "sys")
check(threading.active_count() == 1 and gc.isenabled(), "threads")
check("/box" not in sys.path and "/tmp" not in sys.path, "sys.path")
version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
folder = f"/box/.local/lib/{version}/site-packages"
check(not os.path.exists(folder), "packages of the user")

os.makedirs(folder, exist_ok=True)
for path in (folder + "/poison.pth", folder + "/usercustomize.py", "/box/sitecustomize.py", "/box/json.py", "/tmp/json.py"):
    with open(path, "w") as file:
        file.write("import builtins; builtins.poison = True\n")
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise ImportError("poison")
answer = "\n".join(breaches) or "held"
sys.meta_path.insert(0, Finder)
sys.modules["poison"] = sys.modules["json"]
json.dumps = lambda value: "poison"
string.digits = "poison"
locale.setlocale(locale.LC_ALL, "C")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sys.settrace(lambda *_: None)
sys.path.insert(0, "/box")
gc.disable()
builtins.poison = builtins.len = lambda value: 7
return answer

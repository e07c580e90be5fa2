#: what     replaces what errors are told with, and the clock, and fails: the error and the time are still right
#: id       A-130
#: mode     function
#: limits   wall_time_ms=5000
#: expect   runtime_error
#: error    KeyError: 'told'
#: wall_ms  3000
import builtins, io, json, linecache, os, sys, time, traceback
def broken(*args, **kwargs):
    raise SystemExit(0)
for module in (time, traceback, linecache, json, io):
    for name in dir(module):
        if callable(getattr(module, name)) and not isinstance(getattr(module, name), type):
            setattr(module, name, broken)
os.write = os._exit = sys.excepthook = sys.unraisablehook = sys.exit = broken
builtins.print = builtins.repr = builtins.str = broken
sys.stdout = sys.__stdout__ = io.StringIO()
raise KeyError("told")

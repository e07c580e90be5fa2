"""The template that Python's boxes are forked from: imports what is worth having, then forks whenever it is told to.

    warm.py MODE

It runs outside of every box and never sees what anybody sent. Each child enters a box and loses every privilege inside
`code_runner_become`, rehearses, and waits at the gate; then it does what `harness.py`, or Python itself, would do in a
process of its own.
"""
import ctypes
import gc
import os
import sys

# What ends a program.
import _weakref
import atexit

# What programs import most and what has no part in forking. `random` and `threading` would run their own code in every
# child, which costs each more than importing them costs those that want them.
import bisect
import collections
import copy
import datetime
import functools
import heapq
import itertools
import json
import math
import operator
import re
import string
import typing

FOLDER = os.path.dirname(__file__)
LIBRARY = "/proc/self/fd/4"

REHEARSAL = b"""
import sys

with open("/dev/null") as source, open("/dev/null", "w") as target:
    text = source.readline() or "12"
    print(int(text) ** 2, file=target)
"""


def child_of(library):
    """Forks until this process is a child that is to be a program. Ends it when there is nothing more to fork."""
    library.code_runner_open.restype = ctypes.c_void_p
    template = ctypes.c_void_p(library.code_runner_open())
    if not template:
        os._exit(1)
    more, fork, become = library.code_runner_next, library.code_runner_fork, library.code_runner_become
    # What `os.fork` does around the fork itself.
    python = ctypes.pythonapi
    before, after = python.PyOS_BeforeFork, python.PyOS_AfterFork_Parent
    after_in_child = python.PyOS_AfterFork_Child
    while more(template):
        before()
        side = fork(template)
        if side == 0:
            after_in_child()
            become(template)
            return
        after()
        if side < 0:
            break
    os._exit(0)


def rehearse(mode):
    """What nearly every program does, once for nothing: the interpreter makes much of what it needs for that only when it is
    needed for the first time, the types of the syntax tree to begin with."""
    module = type(sys)("rehearsal")
    if mode == "function":
        exec(harness.compiled("return str(int(input_str))", ""), module.__dict__)
        module.solve("1").encode()
        with open("/dev/null", "rb") as file:
            file.read()
    else:
        exec(compile(REHEARSAL, "", "exec"), module.__dict__)


def program_module():
    """The module in which Python runs a program."""
    path = "/code/solution.py"
    module = type(sys)("__main__")
    module.__dict__.update(__file__=path, __builtins__=__builtins__, __cached__=None, __annotations__={})
    module.__loader__ = type(__loader__)("__main__", path)
    return module


def code_of(path):
    with open(path, "rb") as file:
        return compile(file.read(), path, "exec", dont_inherit=True)


def status_of(error):
    """What Python ends with for an exception that nobody has caught, after saying so, without the frames of this file."""
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return (error.code or 0) & 0xFF
        print(error.code, file=sys.stderr)
        return 1
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    return 1


def flushed():
    """Empties the buffers. Did all of them take what was in them?"""
    done = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            done = False
    return done


def end(status):
    """Ends like Python: waits for threads, runs what is to be run at the end, and lets go of what the program has made. But
    not of what the template has made, all of which would have to be copied for that."""
    if "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    atexit._run_exitfuncs()
    flushed()
    # As Python takes modules down: without their names first, so that what they hold ends while they still can be used, and
    # emptied if something else holds them.
    modules = sys.modules
    # The youngest are the last. To look at a name of the template's is to copy the page it stands on.
    names = ["__main__"]
    for name in reversed(modules):
        if name == last_of_template:
            break
        names.append(name)
    held = [_weakref.ref(modules.pop(name)) for name in names if modules.get(name) is not None]
    gc.collect()
    for module in (reference() for reference in reversed(held)):
        content = getattr(module, "__dict__", {})
        for is_first in (True, False):
            for name in list(content):
                if is_first == (name[:1] == "_" and name[1:2] != "_") and name != "__builtins__":
                    content[name] = None
    gc.collect()
    os._exit(status if flushed() else 120)


# With the lock of the interpreter held, as all of this expects it.
library = ctypes.PyDLL(LIBRARY)
wait = library.code_runner_wait
os.close(4)
mode = sys.argv[1]
if mode == "function":
    sys.path.insert(0, FOLDER)
    import harness

    sys.path.remove(FOLDER)
    del sys.modules["harness"]
rehearse(mode)
last_of_template = next(reversed(sys.modules))
# What the template has made is never looked at again by the collector, so that its children share it.
gc.collect()
gc.freeze()
child_of(library)
# What this writes to is the child's own from then on, and no page of it has to be copied when it counts.
rehearse(mode)
wait()

# From here on this is a program like any other. It stands at the top, so that it has as much room for calls.
if mode == "function":
    harness.__name__ = "__main__"
    sys.modules["__main__"] = harness
    sys.argv = ["/code/harness.py"]
    harness.main()
else:
    main = sys.modules["__main__"] = program_module()
    sys.argv = [main.__file__]
    sys.path[0] = "/code"
    status = 0
    interrupted = False
    try:
        exec(code_of(main.__file__), main.__dict__)
    except BaseException as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        status = status_of(error)
    if interrupted:
        import _signal

        flushed()
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        os.kill(os.getpid(), _signal.SIGINT)
    del main
    end(status)

#: what     replaces what the harness might use; the answer and the verdict stay right
#: id       A-130
#: mode     function
#: expect   ok
#: output   16
import builtins, os, sys, traceback
answer = str(int(input_str) ** 2)
def broken(*args, **kwargs):
    raise RuntimeError("patched")
for module in (os, traceback):
    for name in ("write", "open", "_exit", "close", "print_exc", "print_exception"):
        if hasattr(module, name):
            setattr(module, name, broken)
for name in ("open", "str", "print", "isinstance", "exec", "compile", "len", "BaseException"):
    setattr(builtins, name, broken)
sys.exit = sys.excepthook = broken
sys.stdout = sys.stderr = None
return answer

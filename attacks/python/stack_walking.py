#: what     walks up the stack and through all objects, breaks what it finds of the harness: only its own answer suffers
#: id       A-131
#: mode     function
#: inputs   1;2;3
#: expect   ok;runtime_error;ok
#: error    ;TypeError;
#: output   1;;9
import ctypes, gc, sys
answer = str(int(input_str) ** 2)
if input_str == "2":
    expected = [value for value in gc.get_objects() if isinstance(value, dict) and ("expected" in value or "verdict" in value)]
    frame = sys._getframe(1)
    while frame is not None:
        for name in list(frame.f_locals):
            if name in ("input_str", "answer", "data", "leave", "write_file", "open_file") and frame.f_code.co_name == "main":
                frame.f_locals[name] = "changed"
                if name == "input_str":
                    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        for name, value in list(frame.f_globals.items()):
            if callable(value) and frame.f_globals is not globals():
                frame.f_globals[name] = None
        frame = frame.f_back
    for function in gc.get_objects():
        if getattr(function, "__closure__", None) and function.__module__ == "__main__":
            for cell in function.__closure__:
                cell.cell_contents = ()
    if expected:
        raise KeyError(f"ESCAPED {expected}")
return answer

"""Function mode: makes the student's text a function of `input_str`, calls it once, keeps its answer.

The text is the body of a function, or defines `solve(input_str)` itself. It is never changed as
text, so that its line numbers and its multi-line strings stay as written: the body becomes a
function in the syntax tree. The answer goes to a file of its own that nobody else reads before this
process is dead; what is printed goes where printing goes.
"""
import sys

NAME = "solution.py"


def main():
    # Everything the harness still needs after the student's code has run is bound here, because
    # that code may replace any module's and any built-in's name.
    import os

    open_file, write_file, leave = os.open, os.write, os._exit
    write_only = os.O_WRONLY
    text_of, encode, is_text = str, str.encode, isinstance
    streams = (sys.stdout, sys.stderr)
    show_error = sys.__excepthook__
    is_exit = SystemExit

    def flush():
        for stream in streams:
            try:
                stream.flush()
            except BaseException:
                pass

    def read_all(descriptor):
        parts = []
        while part := os.read(descriptor, 1 << 16):
            parts.append(part)
        return b"".join(parts)

    # Last, so that no file of the student's stands in for a module of Python. Here Python also finds
    # the source lines of a trace, whose file name has no folder.
    sys.path.append("/code")
    input_str = read_all(0).decode()
    try:
        with open("/code/" + NAME, "rb") as file:
            code = compiled(file.read(), NAME)
        # As if it were imported: pickle and inspect look here for what the code defines.
        module = type(sys)("solution")
        module.__file__ = "/code/" + NAME
        module.__loader__ = type(__loader__)("solution", module.__file__)
        sys.modules["solution"] = module
        exec(code, module.__dict__)
        answer = module.solve(input_str)
        if is_coroutine(answer):
            import asyncio

            answer = asyncio.run(answer)
        data = b"=" + encode(answer if is_text(answer, text_of) else text_of(answer))
    except is_exit:
        # Its status is the student's; without an answer the run counts as ended early.
        raise
    except BaseException as error:
        trace = students_part(error.__traceback__)
        flush()
        show_error(type(error), error.with_traceback(trace), trace)
        flush()
        leave(1)
    flush()
    descriptor = open_file("/answer", write_only)
    while data:
        data = data[write_file(descriptor, data):]
    # No exit hooks, no waiting for threads: the function has returned.
    leave(0)


def is_coroutine(value, hasattr=hasattr):
    return hasattr(value, "send") and hasattr(value, "cr_await")


def students_part(trace):
    """The trace without the frames of the harness, and of the event loop that it started."""
    part = trace
    while part is not None and part.tb_frame.f_code.co_filename != NAME:
        part = part.tb_next
    while part is None and trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    return part or trace


def compiled(text, name):
    """A module that defines `solve`."""
    # The C module: `ast` itself would cost each run 3 ms, and nothing of it is needed.
    import _ast as ast

    tree = compile(text, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    if not defines_solve(tree.body, ast):
        tree = with_body_as_function(tree, ast)
    return compile(tree, name, "exec", dont_inherit=True)


def defines_solve(statements, ast):
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)) and statement.name == "solve":
            return True
        if isinstance(statement, ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == "solve" for target in statement.targets):
                return True
    return False


def with_body_as_function(tree, ast):
    """The same statements as the body of `solve`, after the imports they begin with."""
    leading = []
    body = tree.body[:]
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        leading.append(body.pop(0))
    while body and isinstance(body[0], (ast.Import, ast.ImportFrom)):
        leading.append(body.pop(0))
    place = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
    argument = ast.arg(arg="input_str", annotation=None, type_comment=None, **place)
    arguments = ast.arguments(
        posonlyargs=[], args=[argument], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )
    kind = ast.AsyncFunctionDef if awaits(body, ast) else ast.FunctionDef
    parts = {"name": "solve", "args": arguments, "body": body or [ast.Pass(**place)], "decorator_list": []}
    if "type_params" in kind._fields:
        parts["type_params"] = []
    return ast.Module(body=leading + [kind(**parts, **place)], type_ignores=[])


def awaits(statements, ast):
    """Does the body itself wait for something, outside of functions it defines?"""
    waiting = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
    todo = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, waiting):
            return True
        if isinstance(node, ast.comprehension) and node.is_async:
            return True
        if isinstance(node, ast.AST) and not isinstance(node, inner):
            todo.extend(getattr(node, field, None) for field in node._fields)
        elif isinstance(node, list):
            todo.extend(node)
    return False


if __name__ == "__main__":
    main()

"""Function mode: makes the student's text a function of `input_str`, calls it once, keeps its answer.

The text is the body of a function, or defines `solve(input_str)` itself. It is never changed as
text, so that its line numbers and its multi-line strings stay as written: the body becomes a
function in the syntax tree. The answer goes to a file of its own that nobody else reads before this
process is dead; what is printed goes where printing goes. With the word `check` it only compiles the text.
"""
import sys


def main():
    source = "/code/solution.py"
    if len(sys.argv) > 1:
        return check(source)

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

    input_str = read_all(0).decode()
    # Files that were sent beside the code can be imported; none can take the place of a module of Python's.
    sys.path.append("/code")
    try:
        with open(source, "rb") as file:
            code = compile_source(file.read(), source)
        scope = {"__name__": "solution", "__file__": source}
        exec(code, scope)
        solve = scope["solve"]
        answer = solve(input_str)
        if is_coroutine(answer):
            import asyncio

            answer = asyncio.run(answer)
        data = b"=" + encode(answer if is_text(answer, text_of) else text_of(answer))
    except is_exit:
        # Its status is the student's; without an answer the run counts as ended early.
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
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


def is_coroutine(value):
    return hasattr(value, "send") and hasattr(value, "cr_await")


def check(source):
    """Fails with Python's own message if the text can not be compiled."""
    try:
        with open(source, "rb") as file:
            compile_source(file.read(), source)
    except (SyntaxError, ValueError) as error:
        sys.__excepthook__(type(error), error.with_traceback(None), None)
        sys.exit(1)


def compile_source(text, name):
    """Code that defines the function `solve` of this text."""
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


main()

"""Program mode: only compiles the student's text, and fails with Python's own message if it can not be."""
import sys

source = "/code/solution.py"
try:
    with open(source, "rb") as file:
        compile(file.read(), source, "exec", dont_inherit=True)
except (SyntaxError, ValueError) as error:
    sys.__excepthook__(type(error), error.with_traceback(None), None)
    sys.exit(1)

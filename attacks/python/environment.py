#: what     exactly the documented environment
#: expect   ok
#: output   HOME LANG PATH TMPDIR
import os

print(*sorted(name for name in os.environ if name != "LC_CTYPE"))

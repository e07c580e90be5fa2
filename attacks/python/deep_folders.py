#: what     folders inside folders, ten thousand deep and far beyond the longest path: refused before
#: id       A-033
#: control  files
#: expect   ok
#: output   held
import errno, os

depth = 0
try:
    for depth in range(10_000):
        os.mkdir("d")
        os.chdir("d")
    print("ESCAPED", depth, "folders")
except OSError as error:
    print("held" if error.errno == errno.ENOSPC and depth > 4000 else f"{error} at {depth}")

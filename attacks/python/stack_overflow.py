#: what     recursion without end and without Python's own limit
#: id       A-021
#: control  memory
#: limits   memory_kib=131072
#: expect   runtime_error|memory_limit
#: peak_kib 137625
import sys

sys.setrecursionlimit(1 << 30)
f = lambda n: f(n + 1)
class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")
f(0)

#: what     recursion without end and without Python's own limit
#: expect   runtime_error|memory_limit
import sys

sys.setrecursionlimit(1 << 30)
f = lambda n: f(n + 1)
class A:
    def __getattr__(self, name):
        return getattr(self, name + "x")
f(0)

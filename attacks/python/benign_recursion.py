#: what     recursion ten thousand deep with the documented setting: benign
#: id       G-05
#: mode     function
#: expect   ok
#: output   10000
import sys
sys.setrecursionlimit(20_000)
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)
return depth(10_000)

#: what     recursion without end
#: id       A-021
#: mode     function
#: expect   runtime_error
#: error    RecursionError
def f(n):
    return f(n + 1)
return f(0)

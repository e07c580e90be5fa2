#: what     code that defines the function itself, with helpers and a main part that is not run: benign
#: id       A-133
#: mode     function
#: expect   ok
#: output   24
from __future__ import annotations
from functools import reduce


def multiply(a: int, b: int) -> int:
    return a * b


def solve(input_str: str) -> int:
    return reduce(multiply, range(1, int(input_str) + 1))


if __name__ == "__main__":
    print(solve(input()))

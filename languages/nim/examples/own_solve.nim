import std/strutils

proc solve(input_str: string): string =
  input_str.repeat(2)

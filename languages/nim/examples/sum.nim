import std/strutils

var sum = 0
for line in stdin.lines:
  sum += line.strip.parseInt
echo sum

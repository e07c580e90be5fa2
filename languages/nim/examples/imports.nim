import std/[algorithm, sequtils, strutils]

let numbers = input_str.splitWhitespace.map(parseInt)
return numbers.sorted.join(" ")

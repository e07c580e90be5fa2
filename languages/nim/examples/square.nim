import std/strutils

let number = input_str.parseInt
return $(number * number)

import std/strutils

let number: int = input_str.toUpperAscii
return $number

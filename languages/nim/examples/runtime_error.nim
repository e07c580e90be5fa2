import std/strutils
let text = "five"
echo text.parseInt

import std/strutils

let number: int = "five".toUpperAscii
echo number

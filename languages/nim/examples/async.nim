import std/asyncdispatch

await sleepAsync(10)
return input_str & "!"

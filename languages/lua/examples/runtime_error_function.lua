local lengths = { x = 1 }
local first = lengths.y
return first .. input_str

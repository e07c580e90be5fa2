local number = math.tointeger(input_str)
return tostring(number * number)

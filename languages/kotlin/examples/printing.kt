println("debug")
return input_str

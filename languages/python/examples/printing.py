print("debug")
return input_str

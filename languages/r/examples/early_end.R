quit(status = 0)
input_str

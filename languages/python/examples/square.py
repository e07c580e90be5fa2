return str(int(input_str) * int(input_str))

exit 0
input_str

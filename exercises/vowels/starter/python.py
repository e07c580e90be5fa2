count = 0
# Look at each letter of input_str.
return str(count)

if input_str.len > 0:
  quit 0
return input_str

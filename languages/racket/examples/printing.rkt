(displayln "debug")
input_str

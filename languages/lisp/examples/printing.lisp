(write-line "debug")
input_str

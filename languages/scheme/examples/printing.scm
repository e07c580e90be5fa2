(display "debug")
(newline)
input_str

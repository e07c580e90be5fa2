cat("debug\n")
input_str

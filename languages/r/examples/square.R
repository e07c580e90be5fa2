number <- as.integer(input_str)
number^2

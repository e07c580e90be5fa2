count <- nchar(input_str)
half <- count / 2
half + input_str

return input_str ^ 2

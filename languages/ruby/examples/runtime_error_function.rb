words = input_str.split
third = words[2]
third.upcase

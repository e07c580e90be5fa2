return str(sum(letter in "aeiou" for letter in input_str.lower()))

number = String.to_integer(input_str)
Integer.to_string(number * number)

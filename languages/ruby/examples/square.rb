number = input_str.to_i
(number * number).to_s

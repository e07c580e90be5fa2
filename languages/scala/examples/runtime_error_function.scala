val zero = input_str.length - input_str.length

(1 / zero).toString

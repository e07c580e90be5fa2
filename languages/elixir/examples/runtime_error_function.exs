zero = String.length(input_str) - String.length(input_str)

Integer.to_string(div(1, zero))

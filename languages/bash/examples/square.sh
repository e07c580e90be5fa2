echo $((input_str * input_str))

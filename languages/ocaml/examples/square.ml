let number = int_of_string input_str in
string_of_int (number * number)

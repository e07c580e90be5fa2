Number = list_to_integer(Input_str),
integer_to_list(Number * Number)

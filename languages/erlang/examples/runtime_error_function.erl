Zero = length(Input_str) - length(Input_str),
io:format("dividing~n"),
integer_to_list(1 div Zero)

io:format("debug~n"),
Input_str

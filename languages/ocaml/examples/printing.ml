print_endline "debug";
input_str

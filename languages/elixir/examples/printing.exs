IO.puts("debug")
input_str

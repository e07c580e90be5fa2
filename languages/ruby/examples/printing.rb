puts "debug"
input_str

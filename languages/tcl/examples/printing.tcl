puts "debug"
return $input_str

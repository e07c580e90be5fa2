echo "debug"
return input_str

exit(0);
output_str = input_str;

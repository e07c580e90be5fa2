letters = numel(input_str);
index = letters + 1;
output_str = input_str(index);

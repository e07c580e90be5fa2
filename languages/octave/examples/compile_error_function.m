words = strsplit(input_str, " ");
first = words{1};
output_str = first);

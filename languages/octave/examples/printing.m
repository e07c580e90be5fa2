disp("debug");
output_str = input_str;

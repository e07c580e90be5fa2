number = str2double(input_str);
output_str = num2str(number ^ 2);

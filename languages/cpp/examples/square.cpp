int number = std::stoi(input_str);
return std::to_string(number * number);

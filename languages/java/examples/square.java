int number = Integer.parseInt(input_str);
return String.valueOf(number * number);

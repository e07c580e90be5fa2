$number = (int) $input_str;
return (string) ($number * $number);

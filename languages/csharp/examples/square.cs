long number = long.Parse(input_str);
return (number * number).ToString();

const number: number = Number(input_str);
return String(number * number);

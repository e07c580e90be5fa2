using System;

int number = input_str;
return Convert.ToString(number);

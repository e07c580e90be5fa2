import std.algorithm;

int number = max(1, input_str);
return input_str;

volatile int *volatile nowhere = 0;

*nowhere = 1;
return input_str;

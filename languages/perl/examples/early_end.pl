exit 0;
return $input_str;

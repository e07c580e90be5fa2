say 'debug';
return $input_str;

await Promise.in(0.001);
return $input_str ~ '!';

$words = explode(' ', $input_str);
$count = count($words) - 1;
return (string) intdiv(10, $count);

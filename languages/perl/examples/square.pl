my $number = int $input_str;
return $number * $number;

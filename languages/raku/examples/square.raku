my $number = $input_str.Int;
return ~($number * $number);

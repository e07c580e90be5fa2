my @numbers = 1, 2, 3;

die "no fourth number" unless @numbers[3].defined;
return $input_str;

my @words = split ' ', $input_str;
my $gaps = @words - 1;
return 10 / $gaps;

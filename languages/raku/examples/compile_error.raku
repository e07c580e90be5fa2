my $number = 1;

if $number > { say $number }

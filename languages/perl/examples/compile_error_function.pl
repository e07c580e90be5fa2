use strict;

my $sum = $first + 1;
return $sum;

use strict;
my $greeting = "Hello";
print $greeting . ;

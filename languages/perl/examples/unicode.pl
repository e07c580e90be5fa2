use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

chomp(my $line = <STDIN>);
print "«$line»\n";

use strict;
use warnings;

sub solve {
    my ($text) = @_;
    return $text x 2;
}

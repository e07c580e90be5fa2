my @numbers = (1, 2, 3);
my $divisor = @numbers - 3;
print 6 / $divisor, "\n";

# Compiles the text just as the harness does, but returns before its first statement.
sub code_runner_evaluate { my $input_str = $_[1]; eval $_[0] }

open my $file, '<', '/code/solution.pl' or die "solution.pl: $!\n";
my $source = do { local $/; <$file> };
utf8::decode($source);
utf8::upgrade($source);
binmode STDERR, ':utf8';
code_runner_evaluate(qq{return;\n#line 1 "solution.pl"\n$source}, '');
if ($@) {
    print STDERR $@;
    exit 1;
}

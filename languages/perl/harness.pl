# Function mode: the text is the body of a function of $input_str, or defines `solve` itself.

# Stands before everything else: the text sees no name and no pragma of the harness.
sub code_runner_evaluate { my $input_str = $_[1]; eval $_[0] }

{
    use strict;
    use warnings;

    # Bound here, because the student's code may replace them.
    my ($decode, $encode, $upgrade) = (\&utf8::decode, \&utf8::encode, \&utf8::upgrade);

    my $read = sub {
        my ($handle) = @_;
        my $text = '';
        # Not readline: messages would name the last line that was read.
        1 while sysread $handle, $text, 1 << 16, length $text;
        $decode->($text);
        $upgrade->($text);
        return $text;
    };

    my $show = sub {
        my ($error) = @_;
        $error = "$error";
        # The frames of the harness itself, the text it evaluates among them.
        $error =~ s/^\t(?:eval '#line (?s:.*?)|.*) called at \/code\/harness\.pl line \d+\n//mg;
        $error .= "\n" unless $error =~ /\n\z/;
        print STDERR $error;
        exit 1;
    };

    open my $file, '<', '/code/solution.pl' or die "solution.pl: $!\n";
    my $source = qq{#line 1 "solution.pl"\n} . $read->($file);
    my $input = $read->(\*STDIN);
    $0 = '/code/solution.pl';
    binmode STDOUT, ':utf8';
    binmode STDERR, ':utf8';
    $| = 1;

    my $answer = code_runner_evaluate($source, $input);
    $show->($@) if $@;
    if (my $solve = main->can('solve')) {
        eval { $answer = $solve->($input); 1 } or $show->($@);
    }

    my $text = defined $answer ? "$answer" : '';
    $encode->($text);
    $text = "=$text";
    select STDOUT;
    $| = 1;
    open my $out, '+<', '/answer' or die "answer: $!\n";
    my $at = 0;
    while ($at < length $text) {
        my $count = syswrite $out, $text, length($text) - $at, $at;
        defined $count or die "answer: $!\n";
        $at += $count;
    }
    exit 0;
}

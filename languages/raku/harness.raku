# Function mode: calls the student's `solve` once with the whole input and hands its answer over.
my $input = $*IN.slurp;
my &solve = EVALFILE '/code/solution.raku';
my $answer = solve($input);
$answer = await $answer if $answer ~~ Promise;
$*OUT.flush;
spurt '/answer', "=$answer";
exit 0;

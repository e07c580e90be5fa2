sub twice(Str $text) {
    return $text x 2;
}

sub solve(Str $text) {
    return twice($text);
}

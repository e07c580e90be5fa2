# Does the script follow the grammar of SQLite? SQLite parses a statement only when it comes to it, so
# this asks to explain each one, which runs nothing. That tables are missing then is no mistake: only
# errors of the grammar are shown.
my $file = '/code/solution.sql';
open my $source, '<', $file or die "$file: $!\n";
my $script = do { local $/; <$source> };

my $space = qr{\s+|--[^\n]*|/\*.*?(?:\*/|\z)}s;
my $token = qr{'[^']*'?|"[^"]*"?|`[^`]*`?|\[[^\]]*\]?|\w+|.}s;

my $line = 1;         # of the script
my $explained = '';
my $explained_line = 1;
my %line_of;          # where in the script a statement stands that begins on this line of the explained text
until ($script =~ /\G\z/gc) {
    if ($script =~ /\G($space)/gc) {
        $line += $1 =~ tr/\n//;
    } elsif ($script =~ /\G\.[^\n]*/gc) {
        # A command of the shell.
    } else {
        my $statement = $script =~ /\G(?=EXPLAIN\b)/gci ? '' : 'EXPLAIN ';
        # That of a trigger has statements inside and ends with `; END;`.
        my $trigger = $script =~ /\G(?=CREATE(?:$space)+(?:TEMP(?:ORARY)?(?:$space)+)?TRIGGER\b)/gci;
        my @last = ('', '');
        while ($script =~ /\G(?:($space)|($token))/gc) {
            $statement .= $1 // $2;
            next unless defined $2;
            last if $2 eq ';' && (!$trigger || uc "@last" eq '; END');
            @last = ($last[1], $2);
        }
        $explained .= "$statement\n";
        $line_of{$explained_line} = $line;
        my $lines = $statement =~ tr/\n//;
        $line += $lines;
        $explained_line += $lines + 1;
    }
}

open my $target, '>', '/tmp/explained.sql' or die "/tmp/explained.sql: $!\n";
print $target $explained;
close $target;

my $failed = 0;
for (`sqlite3 -batch :memory: < /tmp/explained.sql 2>&1`) {
    next unless /near line \d+: .*(?:syntax error|unrecognized token|incomplete input)/;
    s/near line (\d+)/'near line ' . ($line_of{$1} || $1)/e;
    print;
    $failed = 1;
}
exit $failed;

use List::Util qw(uniq);

return join ' ', sort { $a <=> $b } uniq(split ' ', $input_str);

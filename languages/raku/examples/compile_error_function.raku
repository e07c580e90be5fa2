use Test;

if $input_str eq { return 'x' }

use NativeCall;

my @numbers := CArray[int64].new($input_str.words».Int);
return @numbers.list.sort.join(' ');

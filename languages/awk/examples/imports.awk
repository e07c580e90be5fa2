@include "join"

count = split(input_str, numbers)
asort(numbers, sorted, "@val_num_asc")
return join(sorted, 1, count)

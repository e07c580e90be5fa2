let numbers = [1; 2; 3] in
let index = 7 in
string_of_int (List.nth numbers index)

number_string(Number, Input_str),
Square is Number * Number,
number_string(Square, Answer)

open String

split_on_char ' ' input_str
|> List.map int_of_string
|> List.sort Int.compare
|> List.map string_of_int
|> concat " "

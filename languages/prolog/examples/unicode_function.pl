string_concat("«", Input_str, Start),
string_concat(Start, "»", Answer).

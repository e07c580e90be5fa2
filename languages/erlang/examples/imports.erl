-import(lists, [map/2, sort/1]).

Numbers = map(fun list_to_integer/1, string:lexemes(Input_str, " ")),
lists:join(" ", map(fun integer_to_list/1, sort(Numbers))).

solve(Text, Answer) :-
    twice(Text, Answer).

twice(Text, Double) :-
    string_concat(Text, Text, Double).

:- use_module(library(readutil)).

main :-
    sum(0, Sum),
    writeln(Sum).

sum(Sum0, Sum) :-
    read_line_to_string(user_input, Line),
    (   Line == end_of_file
    ->  Sum = Sum0
    ;   number_string(Number, Line),
        Sum1 is Sum0 + Number,
        sum(Sum1, Sum)
    ).

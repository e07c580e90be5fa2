:- initialization(main).

main :-
    read_line_to_string(user_input, Line),
    format("«~w»~n", [Line]).

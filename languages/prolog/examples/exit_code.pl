main :-
    writeln(before),
    halt(3).

main :-
    writeln(before),
    writeln(first second).

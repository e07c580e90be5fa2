main :-
    Zero is 1 - 1,
    Number is 1 / Zero,
    writeln(Number).

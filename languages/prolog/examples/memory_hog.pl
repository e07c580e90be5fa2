main :-
    grow([]).

grow(List) :-
    grow([x|List]).

-module(solution).
-export([main/0]).
main() -> io:format("~w~n", [Number]).

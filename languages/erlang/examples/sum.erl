-module(solution).
-export([main/0]).

main() ->
    io:format("~w~n", [sum(0)]).

sum(Sum) ->
    case io:fread("", "~d") of
        {ok, [Number]} -> sum(Sum + Number);
        eof -> Sum
    end.

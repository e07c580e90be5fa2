-module(solution).
-export([main/0]).

main() ->
    main().

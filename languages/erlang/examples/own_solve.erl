twice(Text) ->
    Text ++ Text.

solve(Text) ->
    twice(Text).

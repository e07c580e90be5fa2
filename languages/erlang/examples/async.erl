Self = self(),
spawn(fun() ->
    timer:sleep(10),
    Self ! {mark, "!"}
end),
receive
    {mark, Mark} -> Input_str ++ Mark
end

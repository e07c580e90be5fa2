-import(lists, [sort/1]).

sort(Inptu_str)

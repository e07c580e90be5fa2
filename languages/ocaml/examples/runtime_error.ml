let () =
  let numbers = [] in
  print_int (List.hd numbers)

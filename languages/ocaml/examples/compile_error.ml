let () =
  let number = 1 in
  print_string (number + missing)

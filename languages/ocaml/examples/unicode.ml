let () =
  let line = read_line () in
  Printf.printf "«%s»\n" line

let () =
  try
    while true do
      print_string (read_line ());
      print_char '\n'
    done
  with End_of_file -> ()

let rec sum total =
  match read_int_opt () with
  | Some number -> sum (total + number)
  | None -> total
  | exception End_of_file -> total

let () = Printf.printf "%d\n" (sum 0)

(* Function mode: calls the student's [solve] once and keeps its answer. *)

let read_all channel =
  let text = Buffer.create 65536 in
  let part = Bytes.create 65536 in
  let rec more () =
    let count = input channel part 0 (Bytes.length part) in
    if count > 0 then begin
      Buffer.add_subbytes text part 0 count;
      more ()
    end
  in
  more ();
  Buffer.contents text

let flush_printed () =
  Format.print_flush ();
  Format.pp_print_flush Format.err_formatter ();
  flush_all ()

let () =
  match Solution.solve (read_all stdin) with
  | answer ->
    let answer : string = answer in
    flush_printed ();
    let file = open_out_bin "/answer" in
    output_char file '=';
    output_string file answer;
    close_out file;
    Unix._exit 0
  | exception error ->
    let trace = Printexc.get_raw_backtrace () in
    flush_printed ();
    Printf.eprintf "Fatal error: exception %s\n" (Printexc.to_string error);
    Printexc.print_raw_backtrace stderr trace;
    flush stderr;
    Unix._exit 1

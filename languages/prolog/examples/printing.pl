writeln(debug),
Answer = Input_str.

if input_str <> '' then
  halt(0);
result := input_str;

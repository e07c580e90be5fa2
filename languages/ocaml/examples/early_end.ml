if input_str <> "" then exit 0;
input_str

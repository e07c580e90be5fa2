"«" & input_str & "»"

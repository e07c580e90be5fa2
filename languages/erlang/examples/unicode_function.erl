"«" ++ Input_str ++ "»"

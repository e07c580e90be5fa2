"«" ++ input_str ++ "»"

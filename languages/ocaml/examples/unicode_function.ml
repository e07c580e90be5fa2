"«" ^ input_str ^ "»"

return "«" .. input_str .. "»"

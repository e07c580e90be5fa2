return "«" input_str "»"

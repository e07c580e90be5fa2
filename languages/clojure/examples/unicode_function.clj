(str "«" input_str "»")

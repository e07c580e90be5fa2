output_str = ["«" input_str "»"];

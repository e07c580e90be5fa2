return "«" + input_str + "»"

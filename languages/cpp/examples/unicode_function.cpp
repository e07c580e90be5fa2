return "«" + input_str + "»";

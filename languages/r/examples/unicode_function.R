paste0("«", input_str, "»")

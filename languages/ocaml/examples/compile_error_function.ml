open String

uppercase_ascii (input_str ^ missing)

s"«$input_str»"

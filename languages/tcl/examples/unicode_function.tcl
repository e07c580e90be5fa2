return "«$input_str»"

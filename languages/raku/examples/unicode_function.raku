return "«$input_str»";

return "«{$input_str}»";

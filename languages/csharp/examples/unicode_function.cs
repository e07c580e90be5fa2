return $"«{input_str}»";

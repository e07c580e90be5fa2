"«#{input_str}»"

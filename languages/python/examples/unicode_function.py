return f"«{input_str}»"

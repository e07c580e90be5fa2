print(f"«{input()}»")

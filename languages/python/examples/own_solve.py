def solve(input_str: str) -> str:
    return input_str * 2

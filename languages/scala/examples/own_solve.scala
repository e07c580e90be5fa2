def twice(text: String): String = text + text

def solve(text: String): String = twice(text)

def twice(text):
    return text * 2


def solve(text):
    return twice(text)

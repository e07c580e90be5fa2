import sys

values = [float(line) for line in sys.stdin if line.strip()]
print(sum(values) / len(values))

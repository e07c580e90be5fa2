import math

root = math.sqrt(int(input_str)
return str(root)

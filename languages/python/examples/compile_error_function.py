import math

if math.pi
    return input_str

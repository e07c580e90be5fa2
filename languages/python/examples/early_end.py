import sys

sys.exit(0)
return input_str

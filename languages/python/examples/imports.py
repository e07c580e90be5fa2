import re
from operator import neg

numbers = [int(word) for word in re.findall(r'-?\d+', input_str)]
numbers.sort(key=neg, reverse=True)
return ' '.join(map(str, numbers))

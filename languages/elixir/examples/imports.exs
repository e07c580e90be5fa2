import Enum, only: [join: 2, map: 2, sort: 1]

input_str
|> String.split()
|> map(&String.to_integer/1)
|> sort()
|> join(" ")

import Enum, only: [sort: 1]

sort(inptu_str)

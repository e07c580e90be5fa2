import Data.Char (toUpper)

map toUpper (missing ++ input_str)

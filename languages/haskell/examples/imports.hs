import Data.List (sort)

unwords (map show (sort numbers))
where
  numbers = map read (words input_str) :: [Int]

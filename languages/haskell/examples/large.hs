main :: IO ()
main = interact (unlines . lines)

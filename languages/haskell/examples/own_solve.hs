solve :: String -> String
solve text = twice text
  where
    twice s = s ++ s

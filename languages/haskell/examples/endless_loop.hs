main :: IO ()
main = count 0

count :: Int -> IO ()
count n
  | n < 0 = putStrLn "done"
  | otherwise = count ((n + 1) `mod` 1000)

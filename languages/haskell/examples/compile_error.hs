main :: IO ()
main = do
  putStrLn (missing ++ "!")

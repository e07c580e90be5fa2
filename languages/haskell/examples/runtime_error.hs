main :: IO ()
main = do
  error "something went wrong"

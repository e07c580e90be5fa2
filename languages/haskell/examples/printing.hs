do
  putStrLn "debug"
  return input_str

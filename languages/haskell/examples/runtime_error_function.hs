let numbers = words input_str
in if length numbers < 2
  then error "too few numbers"
  else unwords (reverse numbers)

function result = solve(text)
  result = [text text];
end

require "json"

data = JSON.parse(input_str))
data.to_s

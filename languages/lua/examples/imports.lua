local concat = require("table").concat

local numbers = {}
for word in input_str:gmatch("%S+") do
    numbers[#numbers + 1] = math.tointeger(word)
end
table.sort(numbers)
return concat(numbers, " ")

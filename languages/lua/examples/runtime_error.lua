local ages = { Ada = 36 }
local age = ages.Alan
print("Alan is " .. age)

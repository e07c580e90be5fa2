local blocks = {}
while true do
    blocks[#blocks + 1] = string.rep(#blocks .. "x", 500000)
end

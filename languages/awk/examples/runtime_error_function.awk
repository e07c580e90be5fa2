zero = 0

return 1 / zero

set zero 0

return [expr {1 / $zero}]

set numbers {1 2 3}
set zero 0
puts [expr {[llength $numbers] / $zero}]

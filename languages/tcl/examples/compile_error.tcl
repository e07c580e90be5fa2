set numbers {1 2 3}
foreach number $numbers {
    puts [expr {$number * }]
}

return [expr {$input_str ** 2}]

package require Tcl 8.6

return [expr {$input_str +* 2}]

package require Tcl 8.6

return [lsort -integer [split $input_str]]

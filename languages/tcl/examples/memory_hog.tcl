while {true} {
    lappend parts [string repeat x 1000000][incr number]
}

BEGIN {
    number = 2
    print number +* 2
}

BEGIN {
    while (1) {
    }
}

BEGIN {
    for (i = 0; ; i++) {
        numbers[i] = i
    }
}

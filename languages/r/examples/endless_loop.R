counter <- 0
while (TRUE) {
    counter <- counter + 1
}

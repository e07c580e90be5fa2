blocks <- list()
while (TRUE) {
    blocks[[length(blocks) + 1]] <- rep(1, 1e6)
}

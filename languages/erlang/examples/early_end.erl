halt(0)

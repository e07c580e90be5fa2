numbers <- as.integer(readLines(file("stdin")))
cat(sum(numbers), "\n", sep = "")

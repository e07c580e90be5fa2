numbers <- c(1, 2, 3)
average <- mean(numbers)
cat(average + "1", "\n")

greeting <- "Hello"
cat(greeting)
cat(greeting, ]

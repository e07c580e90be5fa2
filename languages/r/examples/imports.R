library(utils)

numbers <- type.convert(strsplit(input_str, " ")[[1]], as.is = TRUE)
paste(sort(numbers), collapse = " ")

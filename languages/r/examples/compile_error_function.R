library(utils)

numbers <- strsplit(input_str, " "))
sort(numbers)

val numbers = listOf(1, 2, 3)
val index = numbers.size
val number = numbers[index]
return number.toString()

val number = input_str.toInt
(number * number).toString

val number = input_str.toLong()
return (number * number).toString()

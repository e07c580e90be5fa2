import "strconv"

number, err := strconv.Atoi(input_str)
if err != nil {
	panic(err)
}
return strconv.Itoa(number * number)

import "strings"

var number int = strings.ToUpper(input_str)
return number

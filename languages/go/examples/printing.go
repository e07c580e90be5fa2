import "fmt"

fmt.Println("debug")
return input_str

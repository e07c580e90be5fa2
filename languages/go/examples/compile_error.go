package main
func main() {
	var number int = "five"
	println(number)
}

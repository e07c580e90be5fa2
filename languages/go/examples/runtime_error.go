package main
func main() {
	panic("no such luck")
}

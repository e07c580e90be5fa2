//: what     recursion without end: the stack grows as long as there is memory
//: id       A-021
//: control  memory
//: limits   memory_kib=131072
//: expect   memory_limit
//: peak_kib 137625
package main

import "fmt"

func deeper(depth int) int {
	return deeper(depth+1) + 1
}

func main() {
	fmt.Println(deeper(0))
}

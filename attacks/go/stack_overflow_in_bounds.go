//: what     recursion without end on a stack that may be no larger than the memory
//: id       A-021
//: expect   runtime_error
//: error    stack overflow
package main

import (
	"fmt"
	"runtime/debug"
)

func deeper(depth int) int {
	return deeper(depth+1) + 1
}

func main() {
	debug.SetMaxStack(32 << 20)
	fmt.Println(deeper(0))
}

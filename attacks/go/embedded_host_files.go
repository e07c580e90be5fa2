//: what     has the compiler put the host's files into the program, by absolute and by relative names: it knows none of these
//: id       A-052
//: expect   compile_error
//: error    invalid pattern syntax
package main

import (
	_ "embed"
	"fmt"
)

//go:embed /var/tmp/code-runner-canary
var first string

//go:embed ../../../var/tmp/code-runner-canary
var second string

func main() {
	fmt.Println("ESCAPED", first, second)
}

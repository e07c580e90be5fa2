//: what     has commands in comments that a tool could run while compiling: none does
//: id       A-060
//: expect   ok
//: output   held
package main

import (
	"fmt"
	"os"
)

//go:generate sh -c "echo made >/tmp/made; echo made >/artifact"

func main() {
	if _, err := os.Stat("/tmp/made"); os.IsNotExist(err) {
		fmt.Println("held")
	} else {
		fmt.Println("ESCAPED", err)
	}
}

//: what     prints exactly what may be kept: benign
//: id       G-07
//: limits   output_bytes=100000
//: expect   ok
//: length   100000
package main

import (
	"fmt"
	"strings"
)

func main() {
	fmt.Println(strings.Repeat("x", 99_999))
}

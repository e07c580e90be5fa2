//: what     writes thirty thousand lines of Go and compiles them with Go's own tools: benign
//: id       G-23
//: set      full
//: expect   ok
//: output   30000
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	file, err := os.Create("/tmp/big.go")
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(file, "package main\nfunc main() { x := 0")
	for line := 0; line < 30_000; line++ {
		if line%100 == 0 {
			fmt.Fprintf(file, "x = f%d(x)\n", line)
		}
	}
	fmt.Fprintln(file, "println(x) }")
	for line := 0; line < 30_000; line++ {
		if line%100 == 0 {
			fmt.Fprintf(file, "func f%d(x int) int {\n", line)
		}
		fmt.Fprintln(file, "x += 1")
		if line%100 == 99 {
			fmt.Fprintln(file, "return x\n}")
		}
	}
	file.Close()
	if said, err := exec.Command("/usr/bin/go", "build", "-o", "/tmp/big", "/tmp/big.go").CombinedOutput(); err != nil {
		fmt.Println(string(said), err)
	}
	said, _ := exec.Command("/tmp/big").CombinedOutput()
	fmt.Print(string(said))
}

//: what     a pipeline of other programs, a shell, and twenty children that are waited for: benign
//: id       G-02 G-03
//: expect   ok
//: output   b 190
package main

import (
	"fmt"
	"os/exec"
	"strings"
)

func main() {
	first := exec.Command("cat")
	first.Stdin = strings.NewReader("a\nb\n")
	second := exec.Command("sed", "-n", "2p")
	second.Stdin, _ = first.StdoutPipe()
	if err := first.Start(); err != nil {
		panic(err)
	}
	line, err := second.Output()
	if err != nil {
		panic(err)
	}
	first.Wait()
	total := 0
	for number := 0; number < 20; number++ {
		child := exec.Command("sh", "-c", fmt.Sprintf("exit %d", number))
		child.Run()
		total += child.ProcessState.ExitCode()
	}
	fmt.Println(strings.TrimSpace(string(line)), total)
}

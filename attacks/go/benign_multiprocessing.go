//: what     a child that shares a mapped file with its parent: benign
//: id       G-24
//: expect   ok
//: output   42 done
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

func main() {
	file, err := os.OpenFile("/dev/shm/own", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		panic(err)
	}
	file.Truncate(4096)
	block, err := syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	if len(os.Args) > 1 {
		block[0] = 42
		fmt.Println("done")
		return
	}
	said, err := exec.Command("/proc/self/exe", "child").Output()
	if err != nil {
		panic(err)
	}
	fmt.Println(block[0], strings.TrimSpace(string(said)))
}

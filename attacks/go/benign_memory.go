//: what     64 MiB of live data, and mappings that come and go: benign
//: id       G-04 G-12
//: limits   memory_kib=196608
//: expect   ok
//: output   67108864 1000
package main

import (
	"fmt"
	"syscall"
)

func main() {
	block := make([]byte, 64<<20)
	for at := range block {
		block[at] = 1
	}
	mapped := 0
	for round := 0; round < 1000; round++ {
		page, err := syscall.Mmap(-1, 0, 1<<16, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
		if err != nil {
			panic(err)
		}
		page[round] = 1
		if syscall.Munmap(page) == nil {
			mapped++
		}
	}
	sum := 0
	for _, one := range block {
		sum += int(one)
	}
	fmt.Println(sum, mapped)
}

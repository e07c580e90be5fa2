//: what     allocates and touches memory until stopped
//: id       A-015
//: control  memory
//: limits   memory_kib=65536
//: expect   memory_limit
//: peak_kib 68812
package main

import "fmt"

func main() {
	var blocks [][]byte
	for len(blocks) < 1<<20 {
		block := make([]byte, 1<<20)
		for at := 0; at < len(block); at += 4096 {
			block[at] = 1
		}
		blocks = append(blocks, block)
	}
	fmt.Println(len(blocks))
}

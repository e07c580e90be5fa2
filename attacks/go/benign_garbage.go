//: what     makes eight times its memory of garbage, which the collector has to find: benign
//: id       G-20
//: limits   memory_kib=131072
//: expect   ok
//: output   1073741824 true
//: peak_kib 131072
package main

import (
	"fmt"
	"runtime"
)

type node struct {
	next *node
	body [1 << 10]byte
}

func main() {
	var kept *node
	bytes := 0
	for bytes < 1<<30 {
		kept = nil
		for length := 0; length < 1<<13; length++ {
			kept = &node{next: kept}
			bytes += 1 << 10
		}
	}
	var seen runtime.MemStats
	runtime.ReadMemStats(&seen)
	fmt.Println(bytes, seen.NumGC > 10 && kept != nil)
}

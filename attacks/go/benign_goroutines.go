//: what     ten thousand goroutines with channels, a wait group and a pool of eight that sums: benign
//: id       G-01 G-14
//: expect   ok
//: output   10000 499999500000
package main

import (
	"fmt"
	"sync"
)

func main() {
	ones := make(chan int)
	var group sync.WaitGroup
	for count := 0; count < 10_000; count++ {
		group.Add(1)
		go func() {
			defer group.Done()
			ones <- 1
		}()
	}
	go func() {
		group.Wait()
		close(ones)
	}()
	total := 0
	for one := range ones {
		total += one
	}
	var parts [8]int
	var pool sync.WaitGroup
	for index := range parts {
		pool.Add(1)
		go func(index int) {
			defer pool.Done()
			for number := index; number < 1_000_000; number += 8 {
				parts[index] += number
			}
		}(index)
	}
	pool.Wait()
	sum := 0
	for _, part := range parts {
		sum += part
	}
	fmt.Println(total, sum)
}

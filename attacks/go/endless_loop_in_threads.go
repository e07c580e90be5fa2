//: what     as many threads as there may be spin: their time counts together
//: id       A-004
//: control  cpu_time
//: limits   cpu_time_ms=500 wall_time_ms=5000
//: expect   time_limit
//: error    CPU time
package main

import "runtime"

func main() {
	runtime.GOMAXPROCS(50)
	for count := 0; count < 64; count++ {
		go func() {
			for {
			}
		}()
	}
	select {}
}

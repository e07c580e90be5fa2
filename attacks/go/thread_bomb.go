//: what     starts threads until refused
//: id       A-003
//: control  processes
//: limits   processes=32 wall_time_ms=5000
//: expect   runtime_error
//: error    newosproc
package main

import (
	"fmt"
	"runtime"
	"time"
)

func main() {
	for count := 0; count < 100; count++ {
		go func() {
			// The thread is its own from now on.
			runtime.LockOSThread()
			time.Sleep(30 * time.Second)
		}()
	}
	time.Sleep(time.Second)
	fmt.Println("ESCAPED the limit of threads")
}

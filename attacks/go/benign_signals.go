//: what     a signal to itself and a timer, whichever comes first: benign
//: id       G-11
//: expect   ok
//: output   user defined signal 2
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	woken := make(chan os.Signal, 1)
	signal.Notify(woken, syscall.SIGUSR2)
	time.AfterFunc(50*time.Millisecond, func() { syscall.Kill(os.Getpid(), syscall.SIGUSR2) })
	select {
	case number := <-woken:
		fmt.Println(number)
	case <-time.After(5 * time.Second):
		fmt.Println("slept on")
	}
}

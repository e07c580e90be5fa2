//: what     TCP, UDP, ICMP and a question for a name, to addresses of both versions: all fail at once
//: id       A-107
//: control  network+seccomp+landlock
//: expect   ok
//: output   held
package main

import (
	"fmt"
	"net"
	"time"
)

// Whether something left the box, or waits for an answer.
func reaches(network, address string) bool {
	connection, err := net.DialTimeout(network, address, 200*time.Millisecond)
	if err != nil {
		timeout, ok := err.(net.Error)
		return ok && timeout.Timeout()
	}
	defer connection.Close()
	// An echo request, a question to a name server: what it is does not matter.
	_, err = connection.Write([]byte{8, 0, 0xf7, 0xff, 0, 0, 0, 0})
	return err == nil
}

func main() {
	// Addresses of documentation, where nobody is, and datagrams to the loopback address, which every network carries.
	targets := [][2]string{
		{"tcp", "198.51.100.7:80"}, {"tcp", "[2001:db8::7]:443"}, {"udp", "198.51.100.7:53"}, {"udp", "[2001:db8::7]:53"},
		{"udp", "127.0.0.1:9"}, {"ip4:icmp", "203.0.113.7"}, {"ip6:58", "2001:db8::7"},
	}
	held := true
	for _, target := range targets {
		reached := false
		// The quickest of three: a busy machine is no network.
		quickest := time.Hour
		for turn := 0; turn < 3; turn++ {
			start := time.Now()
			reached = reaches(target[0], target[1]) || reached
			if took := time.Since(start); took < quickest {
				quickest = took
			}
		}
		if reached || quickest > 50*time.Millisecond {
			fmt.Println("ESCAPED", target[0], "to", target[1], quickest)
			held = false
		}
	}
	if addresses, err := net.LookupHost("example.invalid"); err == nil && len(addresses) > 0 {
		fmt.Println("ESCAPED a name", addresses)
		held = false
	}
	if held {
		fmt.Println("held")
	}
}

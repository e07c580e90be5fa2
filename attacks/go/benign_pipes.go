//: what     a pair of sockets, a pipe and a local server: benign
//: id       G-13
//: expect   ok
//: output   1000 pong
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

func main() {
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		panic(err)
	}
	reader, writer, _ := os.Pipe()
	passed := 0
	for round := 0; round < 1000; round++ {
		letter := []byte("x")
		syscall.Write(ends[0], letter)
		var set syscall.FdSet
		set.Bits[ends[1]/64] |= 1 << (ends[1] % 64)
		syscall.Select(ends[1]+1, &set, nil, nil, &syscall.Timeval{Sec: 1})
		syscall.Read(ends[1], letter)
		writer.Write(letter)
		count, _ := reader.Read(letter)
		passed += count
	}
	server, err := net.Listen("unix", "/tmp/own")
	if err != nil {
		panic(err)
	}
	go func() {
		peer, _ := server.Accept()
		peer.Write([]byte("pong"))
		peer.Close()
	}()
	client, err := net.Dial("unix", "/tmp/own")
	if err != nil {
		panic(err)
	}
	answer, _ := io.ReadAll(client)
	fmt.Println(passed, string(answer))
}

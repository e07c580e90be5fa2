//: what     two programs at the same time want the same port and the same path for a server of their own, and talk to themselves
//: id       A-112
//: control  network+seccomp+landlock
//: copies   2
//: expect   ok
//: output   held
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

func serve(server net.Listener) {
	for {
		connection, err := server.Accept()
		if err != nil {
			return
		}
		text := make([]byte, 64)
		length, _ := connection.Read(text)
		fmt.Fprintf(connection, "%d %s", os.Getpid(), text[:length])
		connection.Close()
	}
}

func ask(number int) string {
	client, err := net.Dial("unix", "/tmp/server")
	if err != nil {
		return err.Error()
	}
	defer client.Close()
	fmt.Fprint(client, number)
	text := make([]byte, 64)
	length, _ := client.Read(text)
	return string(text[:length])
}

func main() {
	held := true
	for _, address := range []string{"127.0.0.1:18112", "0.0.0.0:18112", "[::1]:18112"} {
		if _, err := net.Listen("tcp", address); !errors.Is(err, syscall.EPERM) {
			fmt.Println("ESCAPED a server at", address, err)
			held = false
		}
	}
	// A local socket is what a program may have.
	server, err := net.Listen("unix", "/tmp/server")
	if err != nil {
		fmt.Println(err)
		return
	}
	go serve(server)
	for number := 0; number < 20; number++ {
		if answer := ask(number); answer != fmt.Sprint(os.Getpid(), " ", number) {
			fmt.Println("ESCAPED somebody else's answer:", answer)
			held = false
		}
		time.Sleep(20 * time.Millisecond)
	}
	if held {
		fmt.Println("held")
	}
}

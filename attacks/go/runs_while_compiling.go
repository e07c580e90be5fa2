//: what     is a shell script as well, which the compiler is told to start its parts with: code that runs in the compiling box
//: id       A-062
//: control  readonly+landlock
//: compile_options -toolexec='/usr/bin/sh''/code/solution.go'
//: expect   ok
//: output   held
/*
tool=$1
shift
if [ "${tool##*[!a-z]}" = link ]; then
    go build -o /tmp/probe /code/solution.go && exec "$tool" -X "main.report=$(/tmp/probe probe)" "$@"
fi
exec "$tool" "$@"
*/
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

var report = "was not wrapped"

func main() {
	if len(os.Args) == 1 {
		fmt.Println(report)
		return
	}
	escaped := 0
	expect := func(what string, err error, wanted ...error) {
		for _, each := range wanted {
			if errors.Is(err, each) {
				return
			}
		}
		fmt.Println("ESCAPED", what, err)
		escaped++
	}
	for _, path := range []string{"/made", "/code/made", "/usr/lib/go/made", "/etc/made"} {
		_, err := os.Create(path)
		expect("wrote "+path, err, syscall.EROFS, syscall.EACCES)
	}
	for _, path := range []string{"/var/tmp/code-runner-canary", "/root/code-runner-canary", "/etc/shadow", "/proc/1/environ"} {
		_, err := os.Open(path)
		expect("opened "+path, err, syscall.ENOENT)
	}
	_, err := net.Listen("tcp4", "127.0.0.1:0")
	expect("a socket", err, syscall.EPERM)
	if escaped == 0 {
		fmt.Println("held")
	}
}

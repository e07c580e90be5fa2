//: what     shows the whole environment, as given and as the kernel keeps it
//: id       A-070
//: control  environment
//: expect   ok
//: output   GO111MODULE=auto GOCACHE=/tmp/go-cache GOPATH=/tmp/go GOTOOLCHAIN=local HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp same
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

func main() {
	kept, err := os.ReadFile("/proc/self/environ")
	if err != nil {
		panic(err)
	}
	given, text := os.Environ(), strings.TrimRight(string(kept), "\x00")
	same := "same"
	if text != strings.Join(given, "\x00") {
		same = "different: " + text
	}
	sort.Strings(given)
	fmt.Println(strings.Join(given, " "), same)
}

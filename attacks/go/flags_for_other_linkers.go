//: what     asks, by comments, for a compiler with a plug-in and for another linker
//: id       A-060
//: expect   compile_error
//: error    invalid flag in #cgo
package main

// #cgo CFLAGS: -fplugin=/code/solution.go -wrapper /usr/bin/sh,/code/solution.go
// #cgo LDFLAGS: -fuse-ld=/usr/bin/sh -Wl,-plugin,/code/solution.go
// #include "/var/tmp/code-runner-canary"
import "C"

func main() {
	println("ESCAPED")
}

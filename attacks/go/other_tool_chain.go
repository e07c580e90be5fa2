//: what     asks on the command line for the compiler to fetch modules and to use a module file of the host
//: id       A-060
//: compile_options -mod=mod -modfile=/var/tmp/code-runner-canary.mod
//: expect   compile_error
//: error    modfile
package main

import "example.com/remote"

func main() {
	remote.Run()
}

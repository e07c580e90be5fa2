//: what     gives the compiler a file of the host as the list of its imports, so that its messages show what is in it
//: id       A-052 A-060
//: control  host_files
//: compile_options -gcflags=-importcfg=/var/tmp/code-runner-canary
//: expect   compile_error
//: error    code-runner-canary: no such file
package main

func main() {
}

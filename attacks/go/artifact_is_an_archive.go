//: what     asks for a part of a program instead of one
//: id       A-064
//: compile_options -buildmode=archive
//: expect   compile_error
//: error    no packages to build
package main

func main() {
}

//: what     names of packages that begin with @, hold = or a list of words: each is one word
//: id       A-061
//: compile_options @/var/tmp/code-runner-canary a=b $(id) ;id
//: expect   compile_error
//: error    @/var/tmp/code-runner-canary
package main

func main() {
}

//: what     imports what would have to be fetched: nobody tries
//: id       A-060
//: expect   compile_error
//: error    cannot find package
package main

import "198.51.100.1/remote.git/code"

func main() {
	code.Run()
}

//: what     directives that are only for what the compiler itself writes
//: id       A-060
//: expect   compile_error
//: error    only allowed in cgo-generated code
package main

//go:cgo_ldflag "-plugin=/code/solution.go"
//go:cgo_import_dynamic _ _ "/tmp/library.so"

//go:linkname escaped runtime.main
func escaped()

func main() {
}

//: what     puts the files beside it into the program: there are none but its own
//: id       A-052
//: expect   ok
//: output   held
package main

import (
	"embed"
	"fmt"
)

//go:embed *
var beside embed.FS

func main() {
	entries, _ := beside.ReadDir(".")
	for _, entry := range entries {
		if entry.Name() != "solution.go" || !entry.Type().IsRegular() {
			fmt.Println("ESCAPED", entry)
		}
	}
	if len(entries) == 1 {
		fmt.Println("held")
	}
}

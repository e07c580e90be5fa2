//: what     leaves a file in every place it may write to, and looks for what earlier runs have left
//: id       A-115
//: control  shared_scratch
//: inputs   1;2;3;4;5
//: expect   ok
//: output   held
package main

import (
	"fmt"
	"os"
)

func main() {
	held := true
	for number, place := range []string{"/box", "/tmp", "/dev/shm"} {
		entries, err := os.ReadDir(place)
		for _, entry := range entries {
			fmt.Println("ESCAPED", place, entry.Name())
			held = false
		}
		marker := fmt.Sprintf("%s/marker-%d", place, number)
		if err != nil || os.WriteFile(marker, []byte("marker"), 0o666) != nil {
			fmt.Println("no marker in", place)
			held = false
		}
	}
	if held {
		fmt.Println("held")
	}
}

//: what     a thousand temporary files, folders, renames: benign
//: id       G-09
//: expect   ok
//: output   1000 true
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	folder, err := os.MkdirTemp("", "own-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	for number := 0; number < 1000; number++ {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(number, ".txt")), []byte(fmt.Sprint(number)), 0o600); err != nil {
			panic(err)
		}
	}
	moved := filepath.Join(folder, "a/b/c/1.txt")
	os.MkdirAll(filepath.Dir(moved), 0o700)
	os.Rename(filepath.Join(folder, "1.txt"), moved)
	count := 0
	filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, _ error) error {
		if !entry.IsDir() {
			count++
		}
		return nil
	})
	_, err = os.Stat(moved)
	fmt.Println(count, err == nil)
}

//: what     tries to change Go's library, compiler and build cache, and to leave packages that later builds would take
//: id       A-076
//: control  readonly+landlock+uid
//: inputs   1;2
//: expect   ok;ok
//: output   held;held
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

var breaches []string

func escaped(format string, values ...any) {
	breaches = append(breaches, "ESCAPED "+fmt.Sprintf(format, values...))
}

func main() {
	lookedAt := 0
	roots, _ := filepath.Glob("/usr/[ls]*/go-1.*")
	for _, root := range append(roots, "/code", "/usr/bin", "/usr/lib64") {
		filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if !entry.IsDir() {
				lookedAt++
				// Opening for writing is enough; nothing is written.
				if file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0); err == nil {
					file.Close()
					escaped("may write %s", path)
				}
				return nil
			}
			mark := filepath.Join(path, "mark.go")
			if file, err := os.OpenFile(mark, os.O_CREATE|os.O_EXCL, 0o644); err == nil {
				file.Close()
				os.Remove(mark)
				escaped("made %s", mark)
			}
			return nil
		})
	}
	if lookedAt < 100 {
		escaped("nothing: only %d files were there", lookedAt)
	}
	// These may be made, and must be gone in the next run.
	for _, folder := range []string{os.Getenv("GOCACHE"), os.Getenv("GOPATH") + "/src/fmt", "/box/.config/go", "/dev/shm/mark"} {
		if _, err := os.Lstat(folder); err == nil {
			escaped("left by an earlier run: %s", folder)
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			panic(err)
		}
	}
	for i, breach := range breaches {
		if i < 20 {
			fmt.Println(breach)
		}
	}
	if len(breaches) == 0 {
		fmt.Println("held")
	}
}

//: what     counts its calls in memory and in files and leaves a process, for the next input to find
//: id       A-124
//: control  shared_scratch
//: mode     function
//: inputs   1;2;3
//: expect   ok
//: output   held
import (
	"os"
	"os/exec"
	"strconv"
)

var calls int

func solve(input_str string) string {
	if calls++; calls != 1 {
		return "ESCAPED memory of another input"
	}
	for _, path := range []string{"/tmp/calls", "/box/calls"} {
		if _, err := os.Stat(path); err == nil {
			return "ESCAPED a file of another input"
		}
		if os.WriteFile(path, []byte(input_str), 0o666) != nil {
			return "no file"
		}
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return "no /proc"
	}
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil && pid != os.Getpid() {
			return "ESCAPED a process of another input"
		}
	}
	// A process that does nothing but stay.
	if exec.Command("sh", "-c", "kill -STOP $$").Start() != nil {
		return "no process"
	}
	return "held"
}

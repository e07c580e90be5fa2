//: what     goroutines, finalizers and timers that would change the answer after it was given
//: id       A-135
//: mode     function
//: expect   ok
//: output   first
import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"time"
)

func overwrite() {
	os.WriteFile("/answer", []byte("=second"), 0o600)
}

func solve(input_str string) string {
	defer fmt.Println("=second")
	leaked := new([1 << 20]byte)
	runtime.SetFinalizer(leaked, func(*[1 << 20]byte) { overwrite() })
	signals := make(chan os.Signal, 1)
	signal.Notify(signals)
	go func() {
		<-signals
		overwrite()
	}()
	go func() {
		time.Sleep(30 * time.Second)
		overwrite()
	}()
	time.AfterFunc(10*time.Second, overwrite)
	return "first"
}

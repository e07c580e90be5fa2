import "time"

done := make(chan string)
go func() {
	time.Sleep(10 * time.Millisecond)
	done <- input_str + "!"
}()
return <-done

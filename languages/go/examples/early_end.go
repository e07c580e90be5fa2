import "os"

os.Exit(0)
return input_str

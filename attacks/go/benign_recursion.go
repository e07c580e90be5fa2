//: what     recursion ten thousand deep: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   10000
import "strconv"

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n-1)
}

func solve(input_str string) string {
	return strconv.Itoa(depth(10_000))
}

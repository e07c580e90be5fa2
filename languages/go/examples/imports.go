import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

var numbers []int
for _, word := range strings.Fields(input_str) {
	number, _ := strconv.Atoi(word)
	numbers = append(numbers, number)
}
sort.Ints(numbers)
return strings.Trim(fmt.Sprint(numbers), "[]")

package main

import "strings"

func solve(input_str string) string {
	return strings.Repeat(input_str, 2)
}

using System;
using System.Linq;

var numbers = input_str.Split(' ').Select(int.Parse).OrderBy(number => number);
return String.Join(" ", numbers);

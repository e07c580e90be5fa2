"""The programs that are measured: each reads a whole number and prints its square.

A submission and the command beside it get the same text. Where a compiler is involved `NOBODY` stands for a number that
is never an input: another one in each round makes a text that no cache of compiled code can know.
"""
import dataclasses
import itertools

INPUTS = {1: ["12"], 10: [str(number) for number in range(10)]}

_numbers = itertools.count(1_000_003)


@dataclasses.dataclass(frozen=True)
class Language:
    """A language, and the commands a user would type for the program. The first word of each is a path."""

    id: str
    name: str
    source: str
    code: str
    run: list
    compile: list = None
    # The body for function mode, where that is measured as well.
    function: str = None

    def fresh_code(self):
        return self.code.replace("NOBODY", str(next(_numbers)))


def expected(text):
    return str(int(text) ** 2)


LANGUAGES = [
    Language(
        "python", "Python", "solution.py",
        "import sys\n\nnumber = int(sys.stdin.readline())\nprint(number ** 2)\n",
        run=["/usr/bin/python3", "solution.py"],
        function="return str(int(input_str) ** 2)",
    ),
    Language(
        "javascript", "JavaScript", "solution.js",
        'const number = Number(require("fs").readFileSync(0, "utf8"));\nconsole.log(number ** 2);\n',
        run=["/usr/bin/node", "solution.js"],
        function="return String(Number(input_str) ** 2);",
    ),
    Language(
        "java", "Java", "Main.java",
        """import java.util.Scanner;

public class Main {
    public static void main(String[] arguments) {
        int number = new Scanner(System.in).nextInt();
        System.out.println(number == NOBODY ? 1 : number * number);
    }
}
""",
        compile=["/usr/bin/javac", "Main.java"],
        run=["/usr/bin/java", "Main"],
    ),
    Language(
        "c", "C", "solution.c",
        """#include <stdio.h>

int main(void) {
    int number;
    if (scanf("%d", &number) != 1 || number == NOBODY)
        return 1;
    printf("%d\\n", number * number);
}
""",
        compile=["/usr/bin/gcc", "-O2", "solution.c"],
        run=["./a.out"],
    ),
    Language(
        "cpp", "C++", "solution.cpp",
        """#include <bits/stdc++.h>
using namespace std;

int main() {
    vector<int> numbers;
    for (int number; cin >> number;)
        numbers.push_back(number);
    sort(numbers.begin(), numbers.end());
    for (int number : numbers)
        cout << (number == NOBODY ? 1 : number * number) << endl;
}
""",
        compile=["/usr/bin/g++", "-O2", "solution.cpp"],
        run=["./a.out"],
    ),
    Language(
        "go", "Go", "solution.go",
        """package main

import "fmt"

func main() {
	var number int
	fmt.Scan(&number)
	if number == NOBODY {
		number = 1
	}
	fmt.Println(number * number)
}
""",
        compile=["/usr/bin/go", "build", "-o", "solution", "solution.go"],
        run=["./solution"],
    ),
    Language(
        "rust", "Rust", "solution.rs",
        """use std::io;

fn main() {
    let mut line = String::new();
    io::stdin().read_line(&mut line).unwrap();
    let number: i64 = line.trim().parse().unwrap();
    println!("{}", if number == NOBODY { 1 } else { number * number });
}
""",
        compile=["/usr/bin/rustc", "-O", "solution.rs"],
        run=["./solution"],
    ),
]

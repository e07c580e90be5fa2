import * as util from "util";

const numbers: number[] = input_str.split(" ").map(Number);
numbers.sort((a, b) => a - b);
return numbers.map((number) => util.format("%d", number)).join(" ");

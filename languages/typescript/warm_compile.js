// Stands ready before there is a submission: `node /warm/warm_compile.js MODE` is then what `node /code/compile.js MODE` would
// be, with the compiler loaded, the declarations parsed and all of it used a few times.
"use strict";
const fs = require("fs");
const { Refused, compile, main } = require("/warm/compile.js");

const GATE = "/code/gate";
// What is not that different from what students write: the more of it the compiler has seen, the more of its own code has
// been made machine code.
const SAMPLES = [
    fs.readFileSync("/warm/sample.ts", "utf8"),
    "import * as fs from 'fs';\nconst numbers = fs.readFileSync(0, 'utf8').trim().split('\\n').map(Number);\nconsole.log(numbers[0] ** 2);",
    "const greet = (name: string): string => `Hello, ${name}!`;\nconsole.log(greet('world'));",
    "let count: number = 'one';\nconsole.log(cuont);",
];
// Each costs more than compiling without all this, and the third gains little.
const ROUNDS = 2;

// Blocks until there is a submission.
function waitForSubmission() {
    const gate = fs.openSync(GATE);
    fs.readSync(gate, Buffer.alloc(1));
    fs.closeSync(gate);
}

function train(mode, text, known) {
    try {
        compile(mode, [], text, known);
    } catch (error) {
        if (!(error instanceof Refused)) {
            throw error;
        }
    }
}

const mode = process.argv[2];
// The declarations, by the names that they have when there is a submission.
const known = new Map();
for (let round = 0; round < ROUNDS; round++) {
    for (const sample of SAMPLES) {
        train(mode, sample, known);
    }
}
waitForSubmission();
main(mode, [], known);

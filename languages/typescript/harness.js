// Starts the compiled file.
//
// program:  as `node /code/solution.js` would; for processes that are started before there is a submission.
// function: calls its `solve` once and keeps the answer.
"use strict";
// Bound here, because the student's code may replace it.
const { openSync, readFileSync, writeSync } = require("fs");
const Module = require("module");
const { inspect } = require("util");
const leave = process.reallyExit.bind(process);
const bytesOf = Buffer.from;
const textOf = String;

const ARTIFACT = "/code/solution.js";

function write(data) {
    const file = openSync("/answer", "r+");
    for (let at = 0; at < data.length; ) {
        at += writeSync(file, data, at);
    }
}

async function runFunction() {
    const show = require("/code/messages.js");
    try {
        const input = readFileSync(0, "utf8");
        const code = require(ARTIFACT);
        await code.finished;
        const { solve } = code;
        const answer = await solve(input);
        const isObject = typeof answer === "object" && answer !== null;
        write(bytesOf("=" + (isObject ? inspect(answer) : textOf(answer))));
    } catch (error) {
        show(error);
        leave(1);
    }
    // No listeners, no waiting for timers: the function has returned.
    leave(0);
}

function runProgram() {
    process.argv[1] = ARTIFACT;
    // As if this file had never been there.
    delete require.cache[__filename];
    process.nextTick(Module.runMain);
}

function start(kind) {
    // The word was for this file, in front of those for the student's.
    process.argv.splice(2, 1);
    if (kind === "program") {
        runProgram();
    } else {
        process.argv[1] = __filename;
        runFunction();
    }
}

if (require.main === module) {
    runFunction();
}
module.exports = start;

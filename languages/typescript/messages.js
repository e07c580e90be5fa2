// Messages name the lines of solution.ts instead of those of the JavaScript that was made of it.
"use strict";
const { readFileSync, writeSync } = require("fs");
const { SourceMap } = require("module");
const { inspect } = require("util");
const { isMainThread } = require("worker_threads");

const ARTIFACT = "/code/solution.js";
const { exit, listenerCount } = process;
let map;
let inserted;

function load() {
    const text = readFileSync(ARTIFACT, "latin1");
    const marker = "//# sourceMappingURL=data:application/json;base64,";
    const payload = JSON.parse(Buffer.from(text.slice(text.lastIndexOf(marker) + marker.length), "base64").toString());
    map = new SourceMap(payload);
    inserted = payload.inserted;
}

function placeOf(line, column) {
    if (map === undefined) {
        load();
    }
    const entry = map.findEntry(line - 1, column - 1);
    if (entry.originalSource === undefined) {
        return undefined;
    }
    let { originalLine, originalColumn } = entry;
    if (entry.originalSource.endsWith("solution.ts") && originalLine === inserted.line && originalColumn >= inserted.column) {
        originalColumn = Math.max(originalColumn - inserted.length, inserted.column);
    }
    return `${entry.originalSource}:${originalLine + 1}:${originalColumn + 1}`;
}

Error.prepareStackTrace = (error, frames) => {
    let text;
    try {
        text = String(error);
    } catch {
        text = "Error";
    }
    for (const frame of frames) {
        let shown = String(frame);
        if (/\/code\/harness\.js:|node:internal\/(?:modules|main|process)\//.test(shown)) {
            continue;
        }
        if (frame.getFileName() === ARTIFACT) {
            const found = placeOf(frame.getLineNumber(), frame.getColumnNumber());
            shown = shown.replace(/\/code\/solution\.js:\d+:\d+/, (place) => found ?? place);
        }
        text += `\n    at ${shown.replace("/code/", "")}`;
    }
    return text;
};

function show(error) {
    writeSync(2, `Uncaught ${inspect(error)}\n`);
}

// The errors of other threads are for the thread that started them.
if (isMainThread) {
    process.on("uncaughtException", (error) => {
        // A listener of the student's own decides itself.
        if (listenerCount.call(process, "uncaughtException") === 1) {
            show(error);
            exit.call(process, 1);
        }
    });
}

module.exports = show;

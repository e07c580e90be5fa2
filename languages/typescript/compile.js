// Makes one file of JavaScript of /code/solution.ts and the files it imports: `compile.js program|function [options of tsc]`.
// Its source map is at its end, for the lines in messages. warm_compile.js calls it with what it has made ready.
"use strict";
const fs = require("fs");
const path = require("path");
const ts = require("/opt/code-runner/npm/node_modules/typescript");

const FOLDER = "/code";
const SOURCE = "/code/solution.ts";
// What of Node there is to import, and where it stands before there is a submission.
const NODE = "/code/node.d.ts";
const OWN_NODE = path.join(__dirname, "node.d.ts");
// CommonJS has no `await` outside of functions: the file is made one, see `bundle`.
const ALLOWED = new Set([1378, 1432]);
// The files of a student find each other in the one file, and everything else where Node has it.
const LOADER = `};
const codeRunnerLoaded = {};
function codeRunnerRequire(folder) {
    return Object.assign((name) => {
        if (/^\\.{0,2}\\//.test(name)) {
            const file = require("path").resolve(folder, name);
            const found = [file, file + ".js", file.replace(/\\.[cm]?[jt]sx?$/, ".js"), file + "/index.js"]
                .find((path) => Object.hasOwn(codeRunnerFiles, path));
            if (found !== undefined) {
                return codeRunnerLoad(found);
            }
            name = file;
        }
        return require(name);
    }, require);
}
function codeRunnerLoad(file) {
    if (!codeRunnerLoaded[file]) {
        const own = file === "/code/solution.js" ? module : { exports: {}, id: file, filename: file, loaded: false };
        codeRunnerLoaded[file] = own;
        codeRunnerFiles[file].call(own.exports, own.exports, codeRunnerRequire(require("path").dirname(file)), own);
        own.loaded = true;
    }
    return codeRunnerLoaded[file].exports;
}
codeRunnerLoad("/code/solution.js");
`;

// What the student has to change, a line each.
class Refused extends Error {
    constructor(lines) {
        super(lines.join("\n"));
    }
}

function options(words) {
    const asked = ts.parseCommandLine(words, { fileExists: () => false, readFile: () => undefined });
    const problems = asked.errors.map((error) => ts.flattenDiagnosticMessageText(error.messageText, "\n"));
    problems.push(...asked.fileNames.map((name) => `'${name}' is no option of tsc`));
    if (problems.length > 0) {
        throw new Refused(problems.map((problem) => `error: ${problem}`));
    }
    return {
        // What tsc does with a file and no options, for the Node of today. `--strict` asks for more.
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts"],
        resolveJsonModule: true,
        skipLibCheck: true,
        ...asked.options,
        // What the rest of this file relies on.
        allowImportingTsExtensions: false,
        composite: false,
        declaration: false,
        emitDeclarationOnly: false,
        esModuleInterop: true,
        incremental: false,
        inlineSourceMap: false,
        module: ts.ModuleKind.CommonJS,
        // Names of the student are never those of the library.
        moduleDetection: ts.ModuleDetectionKind.Force,
        moduleResolution: ts.ModuleResolutionKind.Node10,
        newLine: ts.NewLineKind.LineFeed,
        noEmit: false,
        noEmitOnError: false,
        outDir: undefined,
        outFile: undefined,
        rewriteRelativeImportExtensions: true,
        rootDir: FOLDER,
        sourceMap: true,
        types: [],
    };
}

function parse(text, target) {
    return ts.createSourceFile(SOURCE, text, target, /* setParentNodes */ true, ts.ScriptKind.TS);
}

function definesSolve(file) {
    const isSolve = (name) => name !== undefined && ts.isIdentifier(name) && name.text === "solve";
    return file.statements.some((statement) =>
        (ts.isFunctionDeclaration(statement) && isSolve(statement.name)) ||
        (ts.isVariableStatement(statement) && statement.declarationList.declarations.some(({ name }) => isSolve(name))));
}

// The text with its statements as the body of `solve`, behind the imports it begins with. No line moves.
function withBodyAsFunction(text, file) {
    const isImport = (node) => ts.isImportDeclaration(node) || ts.isImportEqualsDeclaration(node);
    const first = file.statements.find((statement) => !isImport(statement));
    let before = "async function solve(input_str: string) { ";
    let at = text.length;
    if (first === undefined) {
        // Comments may be all there is.
        before = "\n" + before;
    } else {
        at = first.getStart(file);
    }
    return { text: text.slice(0, at) + before + text.slice(at) + "\n}", at, length: before.length };
}

// Does the file wait for something outside of functions?
function awaits(node) {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) {
        return true;
    }
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) {
        return false;
    }
    return ts.forEachChild(node, awaits) === true;
}

// Does the file wait for something outside of functions?
function awaits(node) {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) {
        return true;
    }
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) {
        return false;
    }
    return ts.forEachChild(node, awaits) === true;
}

// What `text` is compiled as: itself, or in function mode the function that it is the body of.
function wrap(mode, text, raw) {
    // What can not be parsed is shown as it is: a brace too many would end the function.
    if (mode === "function" && raw.parseDiagnostics.length === 0 && !definesSolve(raw)) {
        return withBodyAsFunction(text, raw);
    }
    return { text, at: 0, length: 0 };
}

// A host in which the source is `text`. The declarations in `known` are not parsed again; those of the library and of
// Node are kept there.
function hostOf(settings, text, emitted, known) {
    const host = ts.createCompilerHost(settings);
    const { getSourceFile, readFile } = host;
    const library = path.dirname(host.getDefaultLibFileName(settings));
    return Object.assign(host, {
        getCurrentDirectory: () => FOLDER,
        getSourceFile(name, ...more) {
            const file = known.get(name) ?? getSourceFile.call(host, name, ...more);
            if (name === NODE || path.dirname(name) === library) {
                known.set(name, file);
            }
            return file;
        },
        readFile: (name) => (name === SOURCE ? text : readFile(name === NODE ? OWN_NODE : name)),
        writeFile: (name, text) => emitted.set(name, text),
    });
}

// A diagnostic as tsc shows it, at the place in the text that was sent.
function show(diagnostic, sent, raw, wrapped) {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const kind = diagnostic.category === ts.DiagnosticCategory.Warning ? "warning" : "error";
    let place = "";
    if (diagnostic.file !== undefined) {
        let { file, start } = diagnostic;
        if (file.fileName === SOURCE) {
            file = raw;
            if (start >= wrapped.at) {
                start = Math.min(Math.max(start - wrapped.length, wrapped.at), sent.length);
            }
        }
        const { line, character } = ts.getLineAndCharacterOfPosition(file, start);
        place = `${path.relative(FOLDER, file.fileName)}(${line + 1},${character + 1}): `;
    }
    return `${place}${kind} TS${diagnostic.code}: ${message}`;
}

// The code and the map of each file of the student.
function modulesOf(program, emitted) {
    const modules = [];
    for (const file of program.getSourceFiles()) {
        const name = file.fileName.replace(/\.(?:ts|tsx|mts|cts)$/, ".js");
        const code = emitted.get(name) ?? emitted.get(name.replace(/\.js$/, ".mjs")) ?? emitted.get(name.replace(/\.js$/, ".cjs"));
        if (!file.isDeclarationFile && code !== undefined) {
            const map = JSON.parse(emitted.get(name + ".map") ?? "null");
            if (map !== null) {
                map.sources = [path.relative(FOLDER, file.fileName)];
                delete map.sourceRoot;
            }
            modules.push({ name, map, waits: awaits(file), code: code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n") });
        }
    }
    return modules;
}

// One text of all modules, and the sections of its map.
function bundle(modules, main) {
    const sections = [];
    let output = "";
    let line = 0;
    function add(text, map) {
        if (map) {
            sections.push({ offset: { line, column: 0 }, map });
        }
        output += text;
        line += text.split("\n").length - 1;
    }
    function addModule({ code, map, waits }) {
        if (waits) {
            add("exports.finished = (async () => {\n");
        }
        add(code, map);
        if (waits) {
            add("})();\n");
        }
    }

    if (modules.length === 1) {
        addModule(main);
    } else {
        add("const codeRunnerFiles = {\n");
        for (const module of modules) {
            add(`${JSON.stringify(module.name)}(exports, require, module) {\n`);
            addModule(module);
            add("},\n");
        }
        add(LOADER);
    }
    return { output, sections };
}

// The JavaScript of this text.
function compile(mode, words, text, known) {
    const settings = options(words);
    // A first line for the shell is a comment.
    const sent = text.replace(/^#!/, "//");
    const raw = parse(sent, settings.target);
    const wrapped = wrap(mode, sent, raw);
    const emitted = new Map();
    const program = ts.createProgram([SOURCE, NODE], settings, hostOf(settings, wrapped.text, emitted, known));

    const diagnostics = ts.sortAndDeduplicateDiagnostics(ts.getPreEmitDiagnostics(program));
    const errors = diagnostics.filter((diagnostic) => !ALLOWED.has(diagnostic.code));
    if (errors.length > 0) {
        throw new Refused(errors.map((diagnostic) => show(diagnostic, sent, raw, wrapped)));
    }
    program.emit();

    const modules = modulesOf(program, emitted);
    const main = modules.find(({ name }) => name === "/code/solution.js");
    if (mode === "function") {
        main.code += "if (typeof solve !== 'undefined') exports.solve = solve;\n";
    }
    const { output, sections } = bundle(modules, main);
    const place = ts.getLineAndCharacterOfPosition(raw, wrapped.at);
    const map = { version: 3, sections, inserted: { line: place.line, column: place.character, length: wrapped.length } };
    const encoded = Buffer.from(JSON.stringify(map)).toString("base64");
    return `${output}//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
}

// Compiles what stands in /code. `known` are declarations that have been parsed already.
function main(mode, words, known = new Map()) {
    try {
        fs.writeFileSync("/artifact", compile(mode, words, ts.sys.readFile(SOURCE), known));
    } catch (error) {
        if (!(error instanceof Refused)) {
            throw error;
        }
        fs.writeSync(2, error.message + "\n");
        process.exit(1);
    }
    // Giving back a heap of this size piece by piece would take its time.
    process.exit(0);
}

if (require.main === module) {
    const [mode, ...words] = process.argv.slice(2);
    main(mode, words);
}
module.exports = { Refused, compile, main };

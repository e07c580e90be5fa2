// What of Node students use most, for the type check. Modules that are only named here have the type `any`.

interface Console {
    assert(condition?: boolean, ...data: any[]): void;
    clear(): void;
    count(label?: string): void;
    debug(...data: any[]): void;
    dir(item?: any, options?: any): void;
    error(...data: any[]): void;
    group(...data: any[]): void;
    groupEnd(): void;
    info(...data: any[]): void;
    log(...data: any[]): void;
    table(data?: any, columns?: string[]): void;
    time(label?: string): void;
    timeEnd(label?: string): void;
    timeLog(label?: string, ...data: any[]): void;
    trace(...data: any[]): void;
    warn(...data: any[]): void;
}
declare var console: Console;

type BufferEncoding =
    | "ascii" | "utf8" | "utf-8" | "utf16le" | "utf-16le" | "ucs2" | "ucs-2" | "base64" | "base64url" | "latin1" | "binary" | "hex";

interface Buffer<T extends ArrayBufferLike = ArrayBufferLike> extends Uint8Array<T> {
    compare(target: Uint8Array): -1 | 0 | 1;
    copy(target: Uint8Array, targetStart?: number, sourceStart?: number, sourceEnd?: number): number;
    equals(other: Uint8Array): boolean;
    fill(value: string | number | Uint8Array, offset?: number, end?: number, encoding?: BufferEncoding): this;
    includes(value: string | number | Uint8Array, byteOffset?: number, encoding?: BufferEncoding): boolean;
    indexOf(value: string | number | Uint8Array, byteOffset?: number, encoding?: BufferEncoding): number;
    readDoubleBE(offset?: number): number;
    readDoubleLE(offset?: number): number;
    readFloatBE(offset?: number): number;
    readFloatLE(offset?: number): number;
    readInt8(offset?: number): number;
    readInt16BE(offset?: number): number;
    readInt16LE(offset?: number): number;
    readInt32BE(offset?: number): number;
    readInt32LE(offset?: number): number;
    readUInt8(offset?: number): number;
    readUInt16BE(offset?: number): number;
    readUInt16LE(offset?: number): number;
    readUInt32BE(offset?: number): number;
    readUInt32LE(offset?: number): number;
    slice(start?: number, end?: number): Buffer<ArrayBuffer>;
    subarray(start?: number, end?: number): Buffer<T>;
    toJSON(): { type: "Buffer"; data: number[] };
    toString(encoding?: BufferEncoding, start?: number, end?: number): string;
    write(text: string, offset?: number, length?: number, encoding?: BufferEncoding): number;
    writeDoubleBE(value: number, offset?: number): number;
    writeDoubleLE(value: number, offset?: number): number;
    writeFloatBE(value: number, offset?: number): number;
    writeFloatLE(value: number, offset?: number): number;
    writeInt8(value: number, offset?: number): number;
    writeInt16BE(value: number, offset?: number): number;
    writeInt16LE(value: number, offset?: number): number;
    writeInt32BE(value: number, offset?: number): number;
    writeInt32LE(value: number, offset?: number): number;
    writeUInt8(value: number, offset?: number): number;
    writeUInt16BE(value: number, offset?: number): number;
    writeUInt16LE(value: number, offset?: number): number;
    writeUInt32BE(value: number, offset?: number): number;
    writeUInt32LE(value: number, offset?: number): number;
}
interface BufferConstructor {
    alloc(size: number, fill?: string | number | Uint8Array, encoding?: BufferEncoding): Buffer;
    allocUnsafe(size: number): Buffer;
    byteLength(text: string | ArrayBufferView | ArrayBufferLike, encoding?: BufferEncoding): number;
    compare(first: Uint8Array, second: Uint8Array): -1 | 0 | 1;
    concat(list: readonly Uint8Array[], totalLength?: number): Buffer;
    from(text: string, encoding?: BufferEncoding): Buffer;
    from(data: ArrayBufferLike, byteOffset?: number, length?: number): Buffer;
    from(data: Iterable<number> | ArrayLike<number>): Buffer;
    isBuffer(value: any): value is Buffer;
    isEncoding(name: string): name is BufferEncoding;
    readonly prototype: Buffer;
}
declare var Buffer: BufferConstructor;

declare namespace NodeJS {
    interface EventEmitter {
        addListener(event: string | symbol, listener: (...args: any[]) => void): this;
        emit(event: string | symbol, ...args: any[]): boolean;
        eventNames(): (string | symbol)[];
        listenerCount(event: string | symbol): number;
        listeners(event: string | symbol): Function[];
        off(event: string | symbol, listener: (...args: any[]) => void): this;
        on(event: string | symbol, listener: (...args: any[]) => void): this;
        once(event: string | symbol, listener: (...args: any[]) => void): this;
        prependListener(event: string | symbol, listener: (...args: any[]) => void): this;
        removeAllListeners(event?: string | symbol): this;
        removeListener(event: string | symbol, listener: (...args: any[]) => void): this;
        setMaxListeners(count: number): this;
    }
    interface ReadableStream extends EventEmitter, AsyncIterable<any> {
        destroy(error?: Error): this;
        isPaused(): boolean;
        pause(): this;
        pipe<T extends WritableStream>(destination: T, options?: { end?: boolean }): T;
        read(size?: number): any;
        readable: boolean;
        resume(): this;
        setEncoding(encoding: BufferEncoding): this;
        unref(): this;
    }
    interface WritableStream extends EventEmitter {
        destroy(error?: Error): this;
        end(callback?: () => void): this;
        end(chunk: string | Uint8Array, callback?: () => void): this;
        end(chunk: string | Uint8Array, encoding?: BufferEncoding, callback?: () => void): this;
        writable: boolean;
        write(chunk: string | Uint8Array, callback?: (error?: Error | null) => void): boolean;
        write(chunk: string | Uint8Array, encoding?: BufferEncoding, callback?: (error?: Error | null) => void): boolean;
    }
    interface ReadWriteStream extends ReadableStream, WritableStream {}
    interface ReadStream extends ReadableStream {
        fd: 0;
        isTTY?: boolean;
        setRawMode?(mode: boolean): this;
    }
    interface WriteStream extends WritableStream {
        columns?: number;
        fd: 1 | 2;
        isTTY?: boolean;
        rows?: number;
    }
    interface Timeout {
        close(): this;
        hasRef(): boolean;
        ref(): this;
        refresh(): this;
        unref(): this;
        [Symbol.toPrimitive](): number;
    }
    interface Immediate {
        hasRef(): boolean;
        ref(): this;
        unref(): this;
    }
    interface ErrnoException extends Error {
        code?: string;
        errno?: number;
        path?: string;
        syscall?: string;
    }
    interface Process extends EventEmitter {
        argv: string[];
        readonly arch: string;
        abort(): never;
        chdir(folder: string): void;
        cpuUsage(previous?: { user: number; system: number }): { user: number; system: number };
        cwd(): string;
        emitWarning(warning: string | Error): void;
        env: { [name: string]: string | undefined };
        execArgv: string[];
        execPath: string;
        exit(code?: number | string | null): never;
        exitCode?: number | string | null;
        hrtime: { (time?: [number, number]): [number, number]; bigint(): bigint };
        kill(pid: number, signal?: string | number): true;
        memoryUsage(): { rss: number; heapTotal: number; heapUsed: number; external: number; arrayBuffers: number };
        nextTick(callback: (...args: any[]) => void, ...args: any[]): void;
        readonly pid: number;
        readonly platform: string;
        readonly ppid: number;
        stderr: WriteStream;
        stdin: ReadStream;
        stdout: WriteStream;
        title: string;
        uptime(): number;
        readonly version: string;
        readonly versions: { [name: string]: string };
    }
    interface Require {
        (name: string): any;
        cache: { [path: string]: any };
        main: Module | undefined;
        resolve(name: string): string;
    }
    interface Module {
        children: Module[];
        exports: any;
        filename: string;
        id: string;
        loaded: boolean;
        path: string;
        require(name: string): any;
    }
}

declare var process: NodeJS.Process;
declare var require: NodeJS.Require;
declare var module: NodeJS.Module;
declare var exports: any;
declare var __filename: string;
declare var __dirname: string;
declare var global: typeof globalThis;

declare function setTimeout<A extends any[]>(callback: (...args: A) => void, milliseconds?: number, ...args: A): NodeJS.Timeout;
declare function setInterval<A extends any[]>(callback: (...args: A) => void, milliseconds?: number, ...args: A): NodeJS.Timeout;
declare function setImmediate<A extends any[]>(callback: (...args: A) => void, ...args: A): NodeJS.Immediate;
declare function clearTimeout(timer?: NodeJS.Timeout | number | string): void;
declare function clearInterval(timer?: NodeJS.Timeout | number | string): void;
declare function clearImmediate(timer?: NodeJS.Immediate): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T, options?: { transfer?: any[] }): T;
declare function atob(data: string): string;
declare function btoa(data: string): string;

interface Performance {
    mark(name: string, options?: any): any;
    measure(name: string, start?: string, end?: string): any;
    now(): number;
    readonly timeOrigin: number;
}
declare var performance: Performance;

declare class TextEncoder {
    readonly encoding: string;
    encode(text?: string): Uint8Array;
    encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    readonly encoding: string;
    decode(data?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
    constructor(init?: string | [string, string][] | { [name: string]: string } | URLSearchParams);
    append(name: string, value: string): void;
    delete(name: string): void;
    entries(): IterableIterator<[string, string]>;
    forEach(callback: (value: string, name: string, parent: URLSearchParams) => void): void;
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string): boolean;
    keys(): IterableIterator<string>;
    set(name: string, value: string): void;
    sort(): void;
    toString(): string;
    values(): IterableIterator<string>;
    [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class URL {
    constructor(url: string, base?: string | URL);
    hash: string;
    host: string;
    hostname: string;
    href: string;
    readonly origin: string;
    password: string;
    pathname: string;
    port: string;
    protocol: string;
    search: string;
    readonly searchParams: URLSearchParams;
    username: string;
    toJSON(): string;
    toString(): string;
}
interface AbortSignal {
    readonly aborted: boolean;
    readonly reason: any;
    addEventListener(type: "abort", listener: (event: any) => void, options?: any): void;
    onabort: ((event: any) => void) | null;
    removeEventListener(type: "abort", listener: (event: any) => void): void;
    throwIfAborted(): void;
}
declare var AbortSignal: { abort(reason?: any): AbortSignal; timeout(milliseconds: number): AbortSignal; prototype: AbortSignal };
declare class AbortController {
    abort(reason?: any): void;
    readonly signal: AbortSignal;
}
declare class Event {
    constructor(type: string, options?: any);
    readonly type: string;
    readonly target: EventTarget | null;
    readonly defaultPrevented: boolean;
    preventDefault(): void;
    stopPropagation(): void;
}
declare class EventTarget {
    addEventListener(type: string, listener: ((event: any) => void) | { handleEvent(event: any): void } | null, options?: any): void;
    dispatchEvent(event: Event): boolean;
    removeEventListener(type: string, listener: ((event: any) => void) | { handleEvent(event: any): void } | null, options?: any): void;
}
declare var crypto: {
    getRandomValues<T extends ArrayBufferView>(array: T): T;
    randomUUID(): string;
    readonly subtle: any;
};

declare module "events" {
    class EventEmitter implements NodeJS.EventEmitter {
        constructor(options?: any);
        addListener(event: string | symbol, listener: (...args: any[]) => void): this;
        emit(event: string | symbol, ...args: any[]): boolean;
        eventNames(): (string | symbol)[];
        listenerCount(event: string | symbol): number;
        listeners(event: string | symbol): Function[];
        off(event: string | symbol, listener: (...args: any[]) => void): this;
        on(event: string | symbol, listener: (...args: any[]) => void): this;
        once(event: string | symbol, listener: (...args: any[]) => void): this;
        prependListener(event: string | symbol, listener: (...args: any[]) => void): this;
        removeAllListeners(event?: string | symbol): this;
        removeListener(event: string | symbol, listener: (...args: any[]) => void): this;
        setMaxListeners(count: number): this;
    }
    namespace EventEmitter {
        export { EventEmitter };
        export function on(emitter: NodeJS.EventEmitter, event: string | symbol): AsyncIterableIterator<any[]>;
        export function once(emitter: NodeJS.EventEmitter, event: string | symbol): Promise<any[]>;
    }
    export = EventEmitter;
}

declare module "fs" {
    type PathLike = string | Buffer | URL;
    type Options = BufferEncoding | { encoding?: BufferEncoding | null; flag?: string; mode?: number } | null;
    type TextOptions = BufferEncoding | { encoding: BufferEncoding; flag?: string };
    type Data = string | Uint8Array | Iterable<string>;
    type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;
    type Done = (error: NodeJS.ErrnoException | null) => void;

    interface Stats {
        atime: Date;
        birthtime: Date;
        ctime: Date;
        isDirectory(): boolean;
        isFile(): boolean;
        isSymbolicLink(): boolean;
        mode: number;
        mtime: Date;
        mtimeMs: number;
        size: number;
    }
    interface Dirent {
        isDirectory(): boolean;
        isFile(): boolean;
        isSymbolicLink(): boolean;
        name: string;
    }
    interface ReadStream extends NodeJS.ReadableStream {
        close(): void;
        path: string | Buffer;
    }
    interface WriteStream extends NodeJS.WritableStream {
        close(): void;
        path: string | Buffer;
    }

    function accessSync(path: PathLike, mode?: number): void;
    function appendFileSync(path: PathLike | number, data: string | Uint8Array, options?: Options): void;
    function closeSync(file: number): void;
    function copyFileSync(from: PathLike, to: PathLike, mode?: number): void;
    function createReadStream(path: PathLike, options?: BufferEncoding | { encoding?: BufferEncoding; fd?: number; start?: number; end?: number; highWaterMark?: number }): ReadStream;
    function createWriteStream(path: PathLike, options?: BufferEncoding | { encoding?: BufferEncoding; fd?: number; flags?: string }): WriteStream;
    function existsSync(path: PathLike): boolean;
    function fstatSync(file: number): Stats;
    function lstatSync(path: PathLike): Stats;
    function mkdirSync(path: PathLike, options?: number | { recursive?: boolean; mode?: number }): string | undefined;
    function mkdtempSync(prefix: string): string;
    function openSync(path: PathLike, flags: string | number, mode?: number): number;
    function readFileSync(path: PathLike | number, options: TextOptions): string;
    function readFileSync(path: PathLike | number, options?: { encoding?: null; flag?: string } | null): Buffer;
    function readFileSync(path: PathLike | number, options?: Options): string | Buffer;
    function readSync(file: number, buffer: ArrayBufferView, offset?: number, length?: number, position?: number | bigint | null): number;
    function readdirSync(path: PathLike, options: { withFileTypes: true; recursive?: boolean }): Dirent[];
    function readdirSync(path: PathLike, options?: BufferEncoding | { encoding?: BufferEncoding; withFileTypes?: false; recursive?: boolean } | null): string[];
    function renameSync(from: PathLike, to: PathLike): void;
    function rmSync(path: PathLike, options?: { force?: boolean; recursive?: boolean }): void;
    function rmdirSync(path: PathLike): void;
    function statSync(path: PathLike): Stats;
    function truncateSync(path: PathLike, length?: number): void;
    function unlinkSync(path: PathLike): void;
    function writeFileSync(path: PathLike | number, data: Data | ArrayBufferView, options?: Options): void;
    function writeSync(file: number, data: string | ArrayBufferView, offset?: number | null, length?: any, position?: number | null): number;

    function access(path: PathLike, done: Done): void;
    function access(path: PathLike, mode: number, done: Done): void;
    function appendFile(path: PathLike, data: string | Uint8Array, done: Done): void;
    function mkdir(path: PathLike, done: Done): void;
    function mkdir(path: PathLike, options: any, done: Done): void;
    function readFile(path: PathLike | number, options: TextOptions, done: Callback<string>): void;
    function readFile(path: PathLike | number, done: Callback<Buffer>): void;
    function readdir(path: PathLike, done: Callback<string[]>): void;
    function stat(path: PathLike, done: Callback<Stats>): void;
    function unlink(path: PathLike, done: Done): void;
    function writeFile(path: PathLike | number, data: Data, done: Done): void;
    function writeFile(path: PathLike | number, data: Data, options: Options, done: Done): void;

    namespace promises {
        function access(path: PathLike, mode?: number): Promise<void>;
        function appendFile(path: PathLike, data: string | Uint8Array, options?: Options): Promise<void>;
        function copyFile(from: PathLike, to: PathLike, mode?: number): Promise<void>;
        function mkdir(path: PathLike, options?: number | { recursive?: boolean; mode?: number }): Promise<string | undefined>;
        function open(path: PathLike, flags?: string | number, mode?: number): Promise<any>;
        function readFile(path: PathLike, options: TextOptions): Promise<string>;
        function readFile(path: PathLike, options?: { encoding?: null; flag?: string } | null): Promise<Buffer>;
        function readdir(path: PathLike): Promise<string[]>;
        function rename(from: PathLike, to: PathLike): Promise<void>;
        function rm(path: PathLike, options?: { force?: boolean; recursive?: boolean }): Promise<void>;
        function stat(path: PathLike): Promise<Stats>;
        function unlink(path: PathLike): Promise<void>;
        function writeFile(path: PathLike, data: Data, options?: Options): Promise<void>;
    }
    const constants: { [name: string]: number };
}
declare module "fs/promises" {
    import { promises } from "fs";
    export = promises;
}

declare module "readline" {
    interface Interface extends NodeJS.EventEmitter, AsyncIterable<string> {
        close(): void;
        readonly line: string;
        on(event: "line", listener: (line: string) => void): this;
        on(event: string | symbol, listener: (...args: any[]) => void): this;
        once(event: "line", listener: (line: string) => void): this;
        once(event: string | symbol, listener: (...args: any[]) => void): this;
        pause(): this;
        prompt(preserveCursor?: boolean): void;
        question(query: string, callback: (answer: string) => void): void;
        resume(): this;
        setPrompt(prompt: string): void;
        write(data: string): void;
        [Symbol.asyncIterator](): AsyncIterableIterator<string>;
    }
    interface ReadLineOptions {
        crlfDelay?: number;
        historySize?: number;
        input: NodeJS.ReadableStream;
        output?: NodeJS.WritableStream;
        prompt?: string;
        terminal?: boolean;
    }
    function clearLine(stream: NodeJS.WritableStream, direction: -1 | 0 | 1): boolean;
    function createInterface(options: ReadLineOptions): Interface;
    function createInterface(input: NodeJS.ReadableStream, output?: NodeJS.WritableStream): Interface;
    function cursorTo(stream: NodeJS.WritableStream, x: number, y?: number): boolean;
    const promises: typeof import("readline/promises");
}
declare module "readline/promises" {
    import { Interface as Lines, ReadLineOptions } from "readline";
    interface Interface extends Omit<Lines, "question"> {
        question(query: string): Promise<string>;
        [Symbol.asyncIterator](): AsyncIterableIterator<string>;
    }
    function createInterface(options: ReadLineOptions): Interface;
    function createInterface(input: NodeJS.ReadableStream, output?: NodeJS.WritableStream): Interface;
}

declare module "path" {
    interface ParsedPath {
        base: string;
        dir: string;
        ext: string;
        name: string;
        root: string;
    }
    function basename(path: string, suffix?: string): string;
    function dirname(path: string): string;
    function extname(path: string): string;
    function format(path: Partial<ParsedPath>): string;
    function isAbsolute(path: string): boolean;
    function join(...parts: string[]): string;
    function normalize(path: string): string;
    function parse(path: string): ParsedPath;
    function relative(from: string, to: string): string;
    function resolve(...parts: string[]): string;
    const delimiter: string;
    const sep: string;
}

declare module "util" {
    function format(format?: any, ...values: any[]): string;
    function inherits(child: any, parent: any): void;
    function inspect(value: any, options?: { breakLength?: number; colors?: boolean; compact?: boolean | number; depth?: number | null; maxArrayLength?: number | null; showHidden?: boolean; sorted?: boolean }): string;
    function inspect(value: any, showHidden?: boolean, depth?: number | null, colors?: boolean): string;
    function isDeepStrictEqual(first: any, second: any): boolean;
    function promisify(callback: Function): (...args: any[]) => Promise<any>;
    const types: any;
    class Decoder extends TextDecoder {}
    class Encoder extends TextEncoder {}
    export { format, inherits, inspect, isDeepStrictEqual, promisify, types, Decoder as TextDecoder, Encoder as TextEncoder };
}

declare module "assert" {
    function assert(value: unknown, message?: string | Error): asserts value;
    namespace assert {
        class AssertionError extends Error {
            actual: unknown;
            expected: unknown;
        }
        function deepEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function deepStrictEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function doesNotThrow(block: () => unknown, message?: string | Error): void;
        function equal(actual: unknown, expected: unknown, message?: string | Error): void;
        function fail(message?: string | Error): never;
        function match(value: string, pattern: RegExp, message?: string | Error): void;
        function notDeepEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function notDeepStrictEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function notEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function notStrictEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function ok(value: unknown, message?: string | Error): asserts value;
        function rejects(block: (() => Promise<unknown>) | Promise<unknown>, error?: any, message?: string | Error): Promise<void>;
        function strictEqual<T>(actual: unknown, expected: T, message?: string | Error): asserts actual is T;
        function throws(block: () => unknown, error?: any, message?: string | Error): void;
        const strict: typeof assert;
    }
    export = assert;
}

declare module "timers/promises" {
    function setImmediate<T = void>(value?: T, options?: any): Promise<T>;
    function setInterval<T = void>(milliseconds?: number, value?: T, options?: any): AsyncIterableIterator<T>;
    function setTimeout<T = void>(milliseconds?: number, value?: T, options?: any): Promise<T>;
    const scheduler: { wait(milliseconds: number, options?: any): Promise<void>; yield(): Promise<void> };
}

declare module "perf_hooks" {
    const performance: Performance;
    const PerformanceObserver: any;
}

declare module "crypto" {
    interface Hash {
        copy(): Hash;
        digest(): Buffer;
        digest(encoding: BufferEncoding): string;
        update(data: string | ArrayBufferView, encoding?: BufferEncoding): this;
    }
    function createHash(algorithm: string): Hash;
    function createHmac(algorithm: string, key: string | ArrayBufferView): Hash;
    function randomBytes(size: number): Buffer;
    function randomInt(max: number): number;
    function randomInt(min: number, max: number): number;
    function randomUUID(): string;
    function timingSafeEqual(first: ArrayBufferView, second: ArrayBufferView): boolean;
    const webcrypto: any;
    function createCipheriv(algorithm: string, key: any, iv: any, options?: any): any;
    function createDecipheriv(algorithm: string, key: any, iv: any, options?: any): any;
    function generateKeyPairSync(type: string, options?: any): any;
    function pbkdf2Sync(password: any, salt: any, iterations: number, length: number, digest: string): Buffer;
    function scryptSync(password: any, salt: any, length: number, options?: any): Buffer;
}

declare module "os" {
    function arch(): string;
    function availableParallelism(): number;
    function cpus(): any[];
    function freemem(): number;
    function homedir(): string;
    function hostname(): string;
    function platform(): string;
    function release(): string;
    function tmpdir(): string;
    function totalmem(): number;
    function type(): string;
    function uptime(): number;
    const EOL: string;
}

declare module "buffer" {
    export import Buffer = globalThis.Buffer;
    export const constants: { MAX_LENGTH: number; MAX_STRING_LENGTH: number };
}
declare module "timers" {
    export const clearImmediate: typeof globalThis.clearImmediate;
    export const clearInterval: typeof globalThis.clearInterval;
    export const clearTimeout: typeof globalThis.clearTimeout;
    export const setImmediate: typeof globalThis.setImmediate;
    export const setInterval: typeof globalThis.setInterval;
    export const setTimeout: typeof globalThis.setTimeout;
    export const promises: typeof import("timers/promises");
}
declare module "url" {
    class Address extends URL {}
    class Parameters extends URLSearchParams {}
    export { Address as URL, Parameters as URLSearchParams };
    export function fileURLToPath(url: string | URL): string;
    export function pathToFileURL(path: string): URL;
    export function parse(url: string, parseQuery?: boolean): any;
    export function format(url: any): string;
}
declare module "process" {
    export = process;
}
declare module "console" {
    export = console;
}

declare module "async_hooks";
declare module "child_process";
declare module "cluster";
declare module "diagnostics_channel";
declare module "dgram";
declare module "dns";
declare module "http";
declare module "http2";
declare module "https";
declare module "module";
declare module "net";
declare module "querystring";
declare module "stream";
declare module "stream/promises";
declare module "string_decoder";
declare module "test";
declare module "tls";
declare module "tty";
declare module "v8";
declare module "vm";
declare module "worker_threads";
declare module "zlib";

declare module "node:assert" { import assert = require("assert"); export = assert; }
declare module "node:assert/strict" { import assert = require("assert"); export = assert; }
declare module "assert/strict" { import assert = require("assert"); export = assert; }
declare module "node:buffer" { export * from "buffer"; }
declare module "node:console" { export = console; }
declare module "node:crypto" { export * from "crypto"; }
declare module "node:events" { import EventEmitter = require("events"); export = EventEmitter; }
declare module "node:fs" { export * from "fs"; }
declare module "node:fs/promises" { import { promises } from "fs"; export = promises; }
declare module "node:os" { export * from "os"; }
declare module "node:path" { export * from "path"; }
declare module "node:perf_hooks" { export * from "perf_hooks"; }
declare module "node:process" { export = process; }
declare module "node:readline" { export * from "readline"; }
declare module "node:readline/promises" { export * from "readline/promises"; }
declare module "node:timers" { export * from "timers"; }
declare module "node:timers/promises" { export * from "timers/promises"; }
declare module "node:url" { export * from "url"; }
declare module "node:util" { export * from "util"; }
declare module "node:async_hooks";
declare module "node:child_process";
declare module "node:cluster";
declare module "node:diagnostics_channel";
declare module "node:dgram";
declare module "node:dns";
declare module "node:http";
declare module "node:http2";
declare module "node:https";
declare module "node:module";
declare module "node:net";
declare module "node:querystring";
declare module "node:stream";
declare module "node:stream/promises";
declare module "node:string_decoder";
declare module "node:test";
declare module "node:tls";
declare module "node:tty";
declare module "node:v8";
declare module "node:vm";
declare module "node:worker_threads";
declare module "node:zlib";

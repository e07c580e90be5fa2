import * as fs from "fs";
import { createInterface } from "readline";

interface Shape {
    readonly name: string;
    area(): number;
}

abstract class Base implements Shape {
    constructor(public readonly name: string, protected scale = 1) {}
    abstract area(): number;
    toString(): string {
        return `${this.name}: ${this.area().toFixed(2)}`;
    }
}

class Square extends Base {
    #side: number;
    constructor(side: number) {
        super("square");
        this.#side = side;
    }
    area(): number {
        return this.#side ** 2 * this.scale;
    }
}

enum Color { Red, Green = "green" }

type Tree<T> = { value: T; left?: Tree<T>; right?: Tree<T> } | undefined;

function insert<T>(tree: Tree<T>, value: T, compare: (a: T, b: T) => number = (a, b) => (a < b ? -1 : 1)): Tree<T> {
    if (tree === undefined) {
        return { value };
    }
    return compare(value, tree.value) < 0
        ? { ...tree, left: insert(tree.left, value, compare) }
        : { ...tree, right: insert(tree.right, value, compare) };
}

function* walk<T>(tree: Tree<T>): Generator<T> {
    if (tree) {
        yield* walk(tree.left);
        yield tree.value;
        yield* walk(tree.right);
    }
}

async function read(): Promise<Map<string, number[]>> {
    const found = new Map<string, number[]>();
    for await (const line of createInterface({ input: process.stdin })) {
        const [key, ...words] = line.trim().split(/\s+/);
        found.set(key, words.map(Number).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b));
    }
    return found;
}

const lines: string[] = fs.readFileSync(0, "utf8").split("\n");
const counts: Record<string, number> = {};
for (const word of lines.flatMap((line) => line.split(" "))) {
    counts[word] = (counts[word] ?? 0) + 1;
}
const best = Object.entries(counts).reduce<[string, number]>((a, b) => (a[1] >= b[1] ? a : b), ["", 0]);
let tree: Tree<number>;
for (let i = 0; i < 10; i++) {
    tree = insert(tree, Math.floor(Math.random() * 100));
}
try {
    console.log(best, [...walk(tree)].join(), String(new Square(2)), new Set(lines).size, Color.Red, JSON.stringify({ a: 1 }));
} catch (error) {
    console.error((error as Error).message);
    process.exit(1);
}
read().then(({ size }) => setTimeout(() => console.log(size, parseInt("12", 10), BigInt(2) ** 64n), 1));

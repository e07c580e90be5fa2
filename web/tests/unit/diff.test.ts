import assert from "node:assert/strict";
import { test } from "node:test";
import { diffCharacters, diffLines, type Row, visible } from "../../src/shared/diff.ts";

/// Both sides again, out of the rows.
function sides(rows: Row[]): [expected: string, actual: string] {
  const text = (row: Row) => (row.kind === "same" ? row.text : row.pieces.map((piece) => piece.text).join(""));
  const of = (other: Row["kind"]) => rows.filter((row) => row.kind !== other).map(text).join("\n");
  return [of("extra"), of("missing")];
}

test("equal texts are the same line by line", () => {
  assert.deepEqual(diffLines("a\nb", "a\nb").map((row) => row.kind), ["same", "same"]);
});

test("a changed line shows what differs in it, and its number on its side", () => {
  assert.deepEqual(diffLines("one\nsum: 16\nend", "one\nsum: 17\nend"), [
    { kind: "same", expected: 1, actual: 1, text: "one" },
    { kind: "missing", expected: 2, pieces: [{ text: "sum: 1", changed: false }, { text: "6", changed: true }] },
    { kind: "extra", actual: 2, pieces: [{ text: "sum: 1", changed: false }, { text: "7", changed: true }] },
    { kind: "same", expected: 3, actual: 3, text: "end" },
  ]);
});

test("lines that are missing or too many stand where they are", () => {
  assert.deepEqual(diffLines("a\nb\nc", "a\nc").map((row) => row.kind), ["same", "missing", "same"]);
  assert.deepEqual(diffLines("a\nc", "a\nb\nc").map((row) => row.kind), ["same", "extra", "same"]);
  assert.deepEqual(diffLines("16", "16\n").map((row) => row.kind), ["same", "extra"]);
});

test("characters beyond the first plane are not cut in two", () => {
  assert.deepEqual(diffCharacters("a🎉", "a🎈").actual, [{ text: "a", changed: false }, { text: "🎈", changed: true }]);
});

test("whatever is compared, both sides can be read out of it again", () => {
  const words = ["", "a", "b", "a b", "\t", "🎉", "a\u0301"];
  let seed = 7;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 500; round++) {
    const text = () => Array.from({ length: next(8) }, () => words[next(words.length)]).join(next(2) ? "\n" : "");
    const [expected, actual] = [text(), text()];
    assert.deepEqual(sides(diffLines(expected, actual)), [expected, actual]);
  }
});

test("texts too large to compare are told apart at once", () => {
  const numbers = (from: number) => Array.from({ length: 20_000 }, (_, index) => String(from + index)).join("\n");
  const rows = diffLines(`same\n${numbers(0)}`, `same\n${numbers(100_000)}`);
  assert.equal(rows[0]?.kind, "same");
  assert.equal(rows.length, 40_001);
});

test("white space and what has no shape can be seen", () => {
  assert.equal(visible("a b\tc\r"), "a·b→c␍");
  assert.equal(visible("\u00a0\u202e\u0007"), "⍽<U+202E><U+0007>");
  assert.equal(visible("Zażółć 你好 🎉"), "Zażółć·你好·🎉");
});

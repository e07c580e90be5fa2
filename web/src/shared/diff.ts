/// Where an output is not what was expected: line by line, and in a changed line character by character, with white space
/// that can be seen. Pure; what is made of it on a page is the page's.

/// A piece of a line; `changed` is what the other side does not have.
export interface Piece {
  text: string;
  changed: boolean;
}

/// A line of both sides, of the expected output only, or of the actual one only. Lines are counted from 1.
export type Row =
  | { kind: "same"; expected: number; actual: number; text: string }
  | { kind: "missing"; expected: number; pieces: Piece[] }
  | { kind: "extra"; actual: number; pieces: Piece[] };

/// The most cells of a table that a comparison may fill: beyond that everything between the common beginning and end counts
/// as changed. A page stays quick, and a difference that large is read otherwise anyhow.
const MOST_CELLS = 1_000_000;

/// Compares line by line. A last line that lacks its line end is no line less.
export function diffLines(expected: string, actual: string): Row[] {
  const before = expected.split("\n");
  const after = actual.split("\n");
  const rows: Row[] = [];
  let [left, right] = [0, 0];
  for (const { same, from, to } of compare(before, after)) {
    if (same) {
      rows.push({ kind: "same", expected: ++left, actual: ++right, text: before[left - 1]! });
      continue;
    }
    // The first missing line stands for the first extra one, and so on: those are compared within.
    const pairs = Math.min(from, to);
    const inner = Array.from({ length: pairs }, (_, index) => diffCharacters(before[left + index]!, after[right + index]!));
    for (let index = 0; index < from; index++) {
      const pieces = inner[index]?.expected ?? [{ text: before[left + index]!, changed: true }];
      rows.push({ kind: "missing", expected: left + index + 1, pieces });
    }
    for (let index = 0; index < to; index++) {
      const pieces = inner[index]?.actual ?? [{ text: after[right + index]!, changed: true }];
      rows.push({ kind: "extra", actual: right + index + 1, pieces });
    }
    left += from;
    right += to;
  }
  return rows;
}

/// Compares two lines character by character.
export function diffCharacters(expected: string, actual: string): { expected: Piece[]; actual: Piece[] } {
  const before = [...expected];
  const after = [...actual];
  const result = { expected: [] as Piece[], actual: [] as Piece[] };
  let [left, right] = [0, 0];
  for (const { same, from, to } of compare(before, after)) {
    join(result.expected, before.slice(left, left + from).join(""), !same);
    join(result.actual, after.slice(right, right + to).join(""), !same);
    left += from;
    right += to;
  }
  return result;
}

function join(pieces: Piece[], text: string, changed: boolean): void {
  if (text === "") return;
  const last = pieces.at(-1);
  if (last?.changed === changed) last.text += text;
  else pieces.push({ text, changed });
}

/// A step through both sides: one common element, or so many of each that the other does not have.
interface Step {
  same: boolean;
  from: number;
  to: number;
}

/// The steps through two lists, by their longest common subsequence.
function compare<T>(before: T[], after: T[]): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end++;
  }
  const common: Step = { same: true, from: 1, to: 1 };
  const middle = between(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...Array<Step>(start).fill(common), ...middle, ...Array<Step>(end).fill(common)];
}

function between<T>(before: T[], after: T[]): Step[] {
  const [rows, columns] = [before.length, after.length];
  if (rows === 0 || columns === 0 || rows * columns > MOST_CELLS) {
    return rows + columns === 0 ? [] : [{ same: false, from: rows, to: columns }];
  }
  // longest[i][j]: of before[i..] and after[j..].
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * width + j] =
        before[i] === after[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  let changed: Step | null = null;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      steps.push({ same: true, from: 1, to: 1 });
      changed = null;
      i++;
      j++;
      continue;
    }
    if (!changed) steps.push((changed = { same: false, from: 0, to: 0 }));
    if (j >= columns || (i < rows && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      changed.from++;
      i++;
    } else {
      changed.to++;
      j++;
    }
  }
  return steps;
}

const SEEN: Record<string, string> = { " ": "·", "\t": "→", "\r": "␍", "\0": "␀", "\u00a0": "⍽", "\ufeff": "<BOM>", "\u200b": "<ZWSP>" };

/// The text with white space that can be seen: `·` for a space, `→` for a tab, `␍` for a carriage return; other characters
/// without a shape by their number.
export function visible(text: string): string {
  return text.replace(/[ \t\r\0\u00a0\ufeff\u200b]|[\p{Cc}\p{Cf}\p{Zs}]/gu, (character) =>
    SEEN[character] ?? `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}>`);
}

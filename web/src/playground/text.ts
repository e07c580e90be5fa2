/// What a program wrote, as text: cut in view where it is long, and compared with what was expected.

import { download, fill, h } from "../shared/dom.ts";
import { diffLines, type Piece, type Row, visible } from "../shared/diff.ts";

/// How much is shown at first.
const SHOWN = 10_000;
const SHOWN_LINES = 300;
/// The most characters of each side that are compared.
const COMPARED = 20_000;

/// A titled text, at first its beginning; the rest, and a file of it, one click away.
export function textBlock(title: string, text: string, file: string): HTMLElement {
  const beginning = begin(text);
  const body = h("pre", { tabindex: "0", role: "group", "aria-label": title }, beginning);
  if (text === "") return h("div", { class: "text" }, h("h4", {}, title), h("p", { class: "muted" }, "(nothing)"));
  const more = h("div", { class: "row more" });
  if (beginning.length < text.length) {
    const all = () => {
      body.textContent = text;
      fill(more, save());
    };
    const save = () => h("button", { type: "button", class: "small", onclick: () => download(file, text) }, "Download");
    const told = `The first ${count(beginning.length)} of ${count(text.length)} characters.`;
    fill(more, h("span", { class: "muted small" }, told), h("button", { type: "button", class: "small", onclick: all }, "Show all"), save());
  }
  return h("div", { class: "text" }, h("h4", {}, title), body, more);
}

/// Where an output is not what was expected, line by line. Of long texts there is no comparison, but both.
export function comparison(expected: string, actual: string, file: string): HTMLElement {
  if (expected.length > COMPARED || actual.length > COMPARED) {
    return h("div", {}, textBlock("Expected", expected, `${file}-expected.txt`), textBlock("Output", actual, `${file}.txt`));
  }
  const rows = folded(diffLines(expected, actual));
  return h("div", { class: "text" },
    h("h4", {}, "Output against expected"),
    h("div", { class: "diff", tabindex: "0", role: "group", "aria-label": "Output against expected" }, ...rows),
    h("p", { class: "muted small" }, "− expected, + what came. In what differs, · is a blank and → a tab."));
}

/// The rows, without long stretches that are the same.
function folded(rows: Row[]): HTMLElement[] {
  const near = rows.map((_, index) => rows.slice(Math.max(0, index - 2), index + 3).some((row) => row.kind !== "same"));
  const shown: HTMLElement[] = [];
  let left = 0;
  rows.forEach((row, index) => {
    if (near[index]) {
      if (left > 0) shown.push(h("div", { class: "muted" }, `  … ${left} ${left === 1 ? "line" : "lines"} the same`));
      left = 0;
      shown.push(line(row));
    } else {
      left++;
    }
  });
  if (left > 0) shown.push(h("div", { class: "muted" }, `  … ${left} ${left === 1 ? "line" : "lines"} the same`));
  return shown;
}

function line(row: Row): HTMLElement {
  if (row.kind === "same") return h("div", {}, `  ${row.text}`);
  const [sign, words] = row.kind === "missing" ? ["−", "expected"] : ["+", "came"];
  const pieces = row.pieces.some((piece) => piece.text !== "") ? row.pieces.map(shown) : [h("span", { class: "muted" }, "(an empty line)")];
  return h("div", { class: row.kind }, h("span", { "aria-hidden": "true" }, `${sign} `), h("span", { class: "unseen" }, `${words}: `), ...pieces);
}

function shown({ text, changed }: Piece): HTMLElement {
  return changed ? h("mark", {}, visible(text)) : h("span", {}, text);
}

/// The beginning of a text, not ending within a character.
function begin(text: string): string {
  let end = Math.min(text.length, SHOWN);
  for (let lines = 0, at = -1; (at = text.indexOf("\n", at + 1)) >= 0 && at < end; ) {
    if (++lines === SHOWN_LINES) end = at + 1;
  }
  if (/[\ud800-\udbff]/.test(text[end - 1] ?? "") && end < text.length) end--;
  return text.slice(0, end);
}

export function count(number: number): string {
  return number.toLocaleString("en");
}

/// What comes of a submission, input by input, while it runs.

import type { CompileReport, Diagnostic, Done, Outlook, RunResult } from "../shared/api.ts";
import { fill, h } from "../shared/dom.ts";
import { type Case, isGraded, type Work } from "./draft.ts";
import { comparison, textBlock } from "./text.ts";
import { memory, time, verdictBadge, verdictWords } from "./words.ts";

export class Results {
  readonly element: HTMLElement;
  readonly #told = h("p", { role: "status", class: "told" });
  readonly #id = h("p", { class: "muted small id", hidden: true });
  readonly #compile = h("div");
  readonly #list = h("ol", { class: "results" });
  readonly #empty = h("p", { class: "muted" }, "Nothing has been run yet. Press Run, or Ctrl+Enter in the editor.");
  readonly #jump: (line: number, column?: number) => void;
  readonly #showRaw: (id: string) => void;
  #work: Work | null = null;
  #found: (RunResult | undefined)[] = [];

  /// `jump` shows a place of the code, `showRaw` the answer of the server with this id.
  constructor(jump: (line: number, column?: number) => void, showRaw: (id: string) => void) {
    this.#jump = jump;
    this.#showRaw = showRaw;
    this.element = h("section", { "aria-labelledby": "results-title", class: "panel" },
      h("div", { class: "row" }, h("h2", { id: "results-title" }, "Results"), this.#id),
      this.#told,
      this.#empty,
      this.#compile,
      this.#list);
  }

  /// Of this work results are to come.
  begin(work: Work): void {
    this.#work = work;
    this.#found = work.cases.map(() => undefined);
    this.#empty.hidden = true;
    this.#id.hidden = true;
    this.#told.textContent = "Sending …";
    fill(this.#compile);
    fill(this.#list, ...work.cases.map((entry, index) => waiting(entry, index)));
  }

  /// Nothing came of it.
  end(why: string): void {
    this.#told.textContent = why;
    fill(this.#list, ...[...this.#list.children].filter((row) => !row.classList.contains("waiting")));
  }

  accepted(id: string): void {
    const raw = (event: Event) => {
      event.preventDefault();
      this.#showRaw(id);
    };
    fill(this.#id, "Submission ", h("a", { href: `result/${id}`, onclick: raw }, id));
    this.#id.hidden = false;
  }

  queued({ queue_position, eta_ms }: Outlook): void {
    if (queue_position === undefined || queue_position === 0) return;
    const soon = eta_ms === undefined ? "" : `, about ${time(eta_ms)}`;
    this.#told.textContent = `Waiting: place ${queue_position} in the queue${soon}.`;
  }

  /// It runs, perhaps once more: what was told of an earlier attempt does not count.
  started(): void {
    this.#told.textContent = "Running …";
    const { cases = [] } = this.#work ?? {};
    this.#found = cases.map(() => undefined);
    fill(this.#list, ...cases.map((entry, index) => waiting(entry, index)));
  }

  compiled(compile: CompileReport): void {
    fill(this.#compile, ...compileReport(compile, [], this.#jump));
  }

  ran(index: number, result: RunResult): void {
    this.#found[index] = result;
    this.#list.children[index]?.replaceWith(this.#row(result, index));
    const done = this.#found.filter((found) => found !== undefined).length;
    this.#told.textContent = `${done} of ${this.#found.length} done.`;
  }

  done(result: Done): void {
    fill(this.#compile, ...(result.compile ? compileReport(result.compile, result.diagnostics, this.#jump) : []));
    fill(this.#list, ...result.results.map((entry, index) => this.#row(entry, index)));
    this.#told.textContent = summary(result);
  }

  #row(result: RunResult, index: number): HTMLElement {
    const { output, stdout, stderr, error, test } = result;
    const file = `output-${index + 1}`;
    const expected = this.#work && isGraded(this.#work) ? this.#work.cases[index]?.expected : undefined;
    const isCompared = expected !== undefined && result.verdict === "wrong_answer" && this.#work?.checker !== "regex";
    const ran = result.verdict !== "compile_error" && result.wall_time_ms > 0;
    const isSaidBelow = result.diagnostics.some(({ message }) => error?.includes(message));
    const points = test && test.of !== 1 ? `${test.points} of ${test.of} points` : null;
    return h("li", {},
      h("div", { class: "row head" },
        h("h3", {}, test?.name ?? `Input ${index + 1}`),
        verdictBadge(result),
        h("span", { class: "muted small" },
          [points, ...(ran ? [time(result.wall_time_ms), `CPU ${time(result.cpu_time_ms)}`, memory(result.memory_kib)] : [])].filter(Boolean).join(" · "))),
      h("pre", { class: "input", "aria-label": "Input", role: "group", tabindex: "0" }, shortened(result.input)),
      error && !isSaidBelow && h("p", { class: "notice bad" }, error),
      test?.message && h("p", { class: "notice" }, test.message),
      ...jumps(result.diagnostics, this.#jump),
      isCompared ? comparison(expected, output, file) : (output !== "" || result.verdict === "ok") && textBlock("Output", output, `${file}.txt`),
      expected !== undefined && result.verdict === "wrong_answer" && !isCompared && textBlock("Expected pattern", expected, `${file}-expected.txt`),
      stdout ? textBlock("Printed", stdout, `${file}-printed.txt`) : null,
      stderr ? textBlock("Errors (stderr)", stderr, `${file}-stderr.txt`) : null,
      result.truncated && h("p", { class: "muted small" }, "There was more than the server keeps."));
  }
}

function waiting({ input }: Case, index: number): HTMLElement {
  return h("li", { class: "waiting" },
    h("div", { class: "row head" }, h("h3", {}, `Input ${index + 1}`), h("span", { class: "badge" }, "Waiting")),
    h("pre", { class: "input", "aria-label": "Input", role: "group", tabindex: "0" }, shortened(input)));
}

function shortened(input: string): string {
  return input === "" ? "(empty)" : input.length > 500 ? `${input.slice(0, 500)}…` : input;
}

/// What the compiler did, if there is anything to read in it.
function compileReport(compile: CompileReport, diagnostics: Diagnostic[], jump: (line: number, column?: number) => void): HTMLElement[] {
  const failed = compile.exit_code !== 0;
  if (!failed && compile.output.trim() === "") return [];
  return [h("div", { class: "compile" },
    h("div", { class: "row head" },
      h("h3", {}, "Compiler"),
      h("span", { class: `badge ${failed ? "bad" : "warn"}` }, failed ? verdictWords("compile_error") : "Has something to say"),
      h("span", { class: "muted small" }, `${time(compile.wall_time_ms)}${compile.cached ? " · from the cache" : ""}`)),
    ...jumps(diagnostics, jump),
    textBlock("What it wrote", compile.output, "compiler.txt"))];
}

/// Each place as a button that leads there.
function jumps(diagnostics: Diagnostic[], jump: (line: number, column?: number) => void): HTMLElement[] {
  if (diagnostics.length === 0) return [];
  return [h("ul", { class: "jumps" }, ...diagnostics.map(({ line, column, severity, message }) =>
    h("li", {}, h("button", { type: "button", class: "plain", onclick: () => jump(line, column) },
      h("span", { class: "place" }, column === undefined ? `Line ${line}` : `Line ${line}, ${column}`),
      ` ${severity}: ${message}`))))];
}

function summary({ verdict, results, summary: graded, phases }: Done): string {
  const spent = `${time(phases.provision + phases.compile + phases.run)} in all`;
  if (verdict === "compile_error") return "Done: it does not compile.";
  if (graded) return `Done: ${graded.passed} of ${graded.total} right, ${graded.points} of ${graded.of} points; ${spent}.`;
  if (results.length === 0) return verdict === "ok" ? "Done: there was no input to run it on." : `Done: ${verdictWords(verdict)}.`;
  const counts = new Map<string, number>();
  for (const result of results) counts.set(verdictWords(result.verdict), (counts.get(verdictWords(result.verdict)) ?? 0) + 1);
  return `Done: ${[...counts].map(([words, number]) => `${number} × ${words}`).join(", ")}; ${spent}.`;
}

/// The tables: verdicts by language, languages, the last submissions, keys.

import type { Verdict } from "../shared/api.ts";
import { type Child, fill, h } from "../shared/dom.ts";
import { count, milliseconds, moment, seconds } from "./format.ts";
import type { History, KeyInUse, LanguageState, RecentSubmission, Verdicts } from "./stats.ts";

const VERDICTS: Verdict[] = [
  "ok", "wrong_answer", "compile_error", "runtime_error", "time_limit", "memory_limit", "output_limit", "cancelled", "internal_error",
];

/// A heading, and a table that can be scrolled when it is wider than the page.
export class Table {
  readonly element: HTMLElement;
  readonly #content: HTMLElement;

  constructor(title: string, note = "") {
    this.#content = h("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": title });
    this.element = h("section", { class: "panel" },
      h("div", { class: "head" }, h("h2", {}, title)),
      note ? h("p", { class: "small muted" }, note) : null,
      this.#content);
  }

  /// Shows these rows; the first cell of each is its head. Columns whose names end in `#` hold numbers.
  show(columns: string[], rows: Child[][], empty: string): void {
    if (rows.length === 0) return fill(this.#content, h("p", { class: "muted empty" }, empty));
    const kinds = columns.map((name) => (name.endsWith("#") ? "number" : null));
    const cell = (content: Child, column: number) =>
      column === 0 ? h("th", { scope: "row" }, content) : h("td", { class: kinds[column] ?? null }, content);
    fill(this.#content, h("table", {},
      h("thead", {}, h("tr", {}, ...columns.map((name, column) =>
        h("th", { scope: "col", class: kinds[column] ?? null }, name.replace(/#$/, ""))))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell))))));
  }
}

export function showVerdicts(table: Table, { total }: History): void {
  const there = VERDICTS.filter((verdict) => (total.verdicts[verdict] ?? 0) > 0);
  const sum = (verdicts: Verdicts) => Object.values(verdicts).reduce((all, some) => all + some, 0);
  const row = (name: string, verdicts: Verdicts) =>
    [name, count(sum(verdicts)), ...there.map((verdict) => count(verdicts[verdict] ?? 0))];
  const languages = Object.entries(total.languages);
  const rows = languages.map(([language, verdicts]) => row(language, verdicts));
  if (languages.length > 1) rows.push(row("all", total.verdicts));
  table.show(["Language", "Finished#", ...there.map((verdict) => `${words(verdict)}#`)], rows, "Nothing has finished in this time.");
}

export function showLanguages(table: Table, languages: LanguageState[]): void {
  table.show(
    ["Language", "State", "Version", "Last self-test"],
    languages.map(({ name, available, version, cause, self_test }) => [
      name,
      available ? badge("ok", "available") : badge("bad", "not available"),
      version ?? cause ?? "–",
      self_test ? `${self_test.passed ? "passed" : "failed"} ${moment(self_test.at)}, ${milliseconds(self_test.duration_ms)}` : "not yet",
    ]),
    "There is no language.",
  );
}

export function showSubmissions(table: Table, submissions: RecentSubmission[]): void {
  table.show(
    ["Finished", "Submission", "Key", "Language", "Mode", "Inputs#", "Verdict", "Queue#", "Run time#"],
    submissions.map((one) => [
      h("time", { datetime: one.finished_at }, moment(one.finished_at)),
      h("code", {}, one.exec_id),
      one.key,
      one.language,
      one.mode,
      count(one.inputs),
      verdictBadge(one.verdict),
      milliseconds(one.queue_ms),
      milliseconds(one.execution_ms),
    ]),
    "Nothing has finished yet.",
  );
}

export function showKeys(table: Table, keys: KeyInUse[]): void {
  table.show(
    ["Key", "State", "Scopes", "Today#", "CPU today#", "of", "30 days#", "CPU in 30 days#"],
    keys.map(({ key, today, month }) => [
      key.name,
      key.state === "active" ? badge("ok", key.state) : badge("warn", key.state),
      key.scopes.join(", "),
      count(today.submissions),
      seconds(today.cpu_seconds),
      key.limits.cpu_seconds_per_day == null ? "no limit" : `${count(key.limits.cpu_seconds_per_day)} s`,
      count(month.submissions),
      seconds(month.cpu_seconds),
    ]),
    "There is no key.",
  );
}

export function badge(kind: "ok" | "bad" | "warn" | "info", text: string): HTMLElement {
  return h("span", { class: `badge ${kind}` }, text);
}

function verdictBadge(verdict: Verdict): HTMLElement {
  if (verdict === "ok") return badge("ok", words(verdict));
  return badge(verdict === "internal_error" ? "bad" : "warn", words(verdict));
}

function words(verdict: Verdict): string {
  return verdict.replace("_", " ");
}

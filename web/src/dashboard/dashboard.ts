/// The page: asks the server every five seconds while it is seen, and shows the answers.

import { ApiError, Client } from "../shared/api.ts";
import { h } from "../shared/dom.ts";
import { key, KeyDialog } from "../shared/key.ts";
import { keep, recall } from "../shared/storage.ts";
import { themeSwitch } from "../shared/theme.ts";
import { Chart } from "./chart.ts";
import { CHARTS } from "./charts.ts";
import { Numbers } from "./numbers.ts";
import { Poll } from "./poll.ts";
import { State } from "./state.ts";
import type { History, KeyInUse, Overview, Range, RecentSubmission } from "./stats.ts";
import { showKeys, showLanguages, showSubmissions, showVerdicts, Table } from "./tables.ts";

const ABOUT_KEY =
  "What this page shows is for keys with the scope admin. The key that the server was started with has it.";
/// Milliseconds from an answer to the next question.
const PAUSE = 5000;
/// Milliseconds after which there will be no answer.
const PATIENCE = 10_000;
/// Submissions that are listed.
const SUBMISSIONS = 50;

export class Dashboard {
  readonly #client = new Client(document.baseURI, key);
  readonly #dialog = new KeyDialog("Admin key", ABOUT_KEY, () => this.#restart());
  readonly #poll = new Poll(() => this.#ask(), PAUSE);
  readonly #state = new State();
  readonly #numbers = new Numbers();
  readonly #charts = CHARTS.map((kind) => new Chart(kind));
  readonly #verdicts = new Table("Verdicts by language");
  readonly #languages = new Table("Languages");
  readonly #submissions = new Table("Last submissions", "Of all keys. Never their code, inputs or outputs.");
  readonly #keys = new Table("Keys and what they used");
  readonly #shown = h("div", { class: "shown", hidden: true });
  #range: Range = recall("dashboard-range") === "24h" ? "24h" : "15m";

  /// Puts the page together and begins to ask.
  start(): void {
    this.#shown.append(
      this.#numbers.element,
      h("div", { class: "charts-head" }, h("h2", {}, "Charts"), this.#ranges()),
      h("div", { class: "charts" }, ...this.#charts.map(({ element }) => element)),
      ...[this.#verdicts, this.#submissions, this.#keys, this.#languages].map(({ element }) => element),
    );
    document.body.prepend(
      h("header", {},
        h("h1", {}, "Code Runner dashboard"),
        this.#state.element,
        h("div", { class: "tools" },
          h("a", { class: "button", href: "./" }, "Playground"),
          h("button", { type: "button", onclick: () => this.#dialog.ask() }, "Key"),
          themeSwitch())),
      h("main", {}, this.#shown));
    const recolour = () => this.#charts.forEach((chart) => chart.recolour());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.#restart();
  }

  /// There is another key, or none.
  #restart(): void {
    this.#poll.stop();
    if (key() !== null) return this.#poll.start();
    this.#shown.hidden = true;
    this.#state.waiting();
    this.#dialog.ask();
  }

  async #ask(): Promise<void> {
    const range = this.#range;
    const signal = AbortSignal.timeout(PATIENCE);
    const get = <T>(path: string) => this.#client.json<T>(path, { signal });
    try {
      const [overview, history, recent, keys] = await Promise.all([
        get<Overview>("stats"),
        get<History>(`stats/history?range=${range}`),
        get<{ submissions: RecentSubmission[] }>(`stats/submissions?limit=${SUBMISSIONS}`),
        get<{ keys: KeyInUse[] }>("stats/keys"),
      ]);
      this.#show(overview, history, recent.submissions, keys.keys);
    } catch (error) {
      this.#failed(error);
    }
  }

  #show(overview: Overview, history: History, submissions: RecentSubmission[], keys: KeyInUse[]): void {
    this.#state.answered(overview);
    this.#shown.hidden = false;
    this.#numbers.show(overview, history);
    this.#charts.forEach((chart) => chart.show(history));
    showVerdicts(this.#verdicts, history);
    showSubmissions(this.#submissions, submissions);
    showKeys(this.#keys, keys);
    showLanguages(this.#languages, overview.languages);
  }

  #failed(error: unknown): void {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    if (!(error instanceof ApiError) && !isLate) throw error;
    const failure = error instanceof ApiError ? error : new ApiError(0, "unreachable", "there was no answer in time");
    if (failure.status !== 401 && failure.status !== 403) return this.#state.failed(failure);
    this.#poll.stop();
    this.#shown.hidden = true;
    this.#state.waiting();
    this.#dialog.ask(failure.status === 401
      ? "Code Runner does not know this key: it is mistyped, expired or revoked."
      : "This key may not see the dashboard: it lacks the scope admin.");
  }

  #ranges(): HTMLElement {
    const choice = (range: Range, text: string) => {
      const chosen = () => {
        this.#range = range;
        keep("dashboard-range", range);
        this.#poll.now();
      };
      return h("label", {}, h("input", { type: "radio", name: "range", value: range, checked: range === this.#range, onchange: chosen }), text);
    };
    return h("fieldset", { class: "ranges" }, h("legend", { class: "unseen" }, "How far back"), choice("15m", "15 minutes"), choice("24h", "24 hours"));
  }
}

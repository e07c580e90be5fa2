/// The drawer with what is set for all inputs together: the checker, and limits below the server's own.

import type { Checker, Language, Limits } from "../shared/api.ts";
import { fill, h } from "../shared/dom.ts";
import { CHECKERS, LIMITS } from "./draft.ts";
import { count } from "./text.ts";

export class Settings {
  readonly element: HTMLDetailsElement;
  readonly #checker = h("select", { id: "checker" });
  readonly #limits = h("div", { class: "limits" });
  readonly #onEdit: () => void;
  #values: Limits = {};

  constructor(onEdit: () => void) {
    this.#onEdit = onEdit;
    this.#checker.append(...Object.entries(CHECKERS).map(([name, words]) => h("option", { value: name }, words)));
    this.#checker.addEventListener("change", onEdit);
    this.element = h("details", { class: "settings" },
      h("summary", {}, "Checker and limits"),
      h("label", { for: "checker" }, "How outputs are compared with expected answers"),
      this.#checker,
      h("p", { class: "muted small" }, "As soon as one expected answer is filled in, all inputs are checked; one left empty then means that nothing is to come out."),
      h("p", {}, "Limits of each run. What is empty is the server's default."),
      this.#limits);
  }

  get checker(): Checker {
    return this.#checker.value as Checker;
  }

  /// Those that are set.
  get limits(): Limits {
    return { ...this.#values };
  }

  /// Shows these values; what is allowed depends on the language.
  show(checker: Checker, limits: Limits, language: Language | undefined): void {
    this.#checker.value = checker;
    this.#values = { ...limits };
    const names = Object.keys(LIMITS) as (keyof Limits)[];
    fill(this.#limits, ...names.map((name) => this.#field(name, language)));
  }

  /// What is wrong with a limit, having gone there; null if nothing is.
  wrong(): string | null {
    for (const field of this.#limits.querySelectorAll("input")) {
      if (field.validity.valid) continue;
      this.element.open = true;
      field.focus();
      const { min, max } = field;
      const most = max === "" ? "or more" : `to ${count(Number(max))}`;
      return `${LIMITS[field.name as keyof Limits]} has to be a whole number from ${count(Number(min))} ${most}.`;
    }
    return null;
  }

  /// Goes to a field of a request, if it is one of these; false otherwise.
  goTo(field: string): boolean {
    const name = field === "checker" || field.startsWith("checker.") ? "checker" : field.replace(/^limits\./, "limit-");
    const element = this.element.querySelector<HTMLElement>(`#${CSS.escape(name)}`);
    if (!element) return false;
    this.element.open = true;
    element.focus();
    return true;
  }

  #field(name: keyof Limits, language: Language | undefined): HTMLElement {
    const maximum = language?.limits.maximum[name];
    const usual = language?.limits.default[name];
    const field = h("input", {
      type: "number",
      id: `limit-${name}`,
      name,
      min: name === "memory_kib" || name === "file_bytes" ? 4096 : 1,
      max: maximum,
      step: 1,
      placeholder: usual,
      "aria-describedby": `limit-${name}-most`,
      oninput: () => {
        if (field.value === "") delete this.#values[name];
        else this.#values[name] = field.valueAsNumber;
        this.#onEdit();
      },
    });
    field.value = String(this.#values[name] ?? "");
    return h("div", {},
      h("label", { for: `limit-${name}` }, LIMITS[name]),
      field,
      h("span", { id: `limit-${name}-most`, class: "muted small" }, maximum === undefined ? "" : `at most ${count(maximum)}`));
  }
}

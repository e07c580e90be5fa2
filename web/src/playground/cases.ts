/// The inputs, each with the answer that is expected beside it. Alt with an arrow key moves one up or down.

import { fill, h } from "../shared/dom.ts";
import type { Case } from "./draft.ts";

export class Cases {
  readonly element: HTMLElement;
  readonly #list = h("ol", { class: "cases" });
  readonly #told = h("p", { class: "unseen", role: "status" });
  readonly #onEdit: () => void;
  #cases: Case[] = [];

  /// `onEdit` is called after every change by a person.
  constructor(onEdit: () => void) {
    this.#onEdit = onEdit;
    this.element = h("section", { "aria-labelledby": "inputs-title" },
      h("div", { class: "row" },
        h("h2", { id: "inputs-title" }, "Inputs"),
        h("button", { type: "button", onclick: () => this.#add() }, "Add an input")),
      this.#list,
      this.#told);
  }

  get cases(): Case[] {
    return this.#cases.map((entry) => ({ ...entry }));
  }

  set cases(cases: Case[]) {
    this.#cases = cases.map((entry) => ({ ...entry }));
    this.#draw();
  }

  #add(): void {
    this.#cases.push({ input: "", expected: "" });
    this.#changed(this.#cases.length - 1, "added");
  }

  #remove(index: number): void {
    this.#cases.splice(index, 1);
    this.#changed(Math.min(index, this.#cases.length - 1), `input ${index + 1} removed`);
  }

  #move(index: number, by: number): void {
    const to = index + by;
    if (to < 0 || to >= this.#cases.length) return;
    this.#cases.splice(to, 0, ...this.#cases.splice(index, 1));
    this.#changed(to, `now input ${to + 1} of ${this.#cases.length}`);
  }

  /// Draws all again with the focus on one of them, and says what happened.
  #changed(focus: number, what: string): void {
    this.#draw();
    const fields = this.#list.querySelectorAll<HTMLElement>("textarea.input");
    (fields[focus] ?? this.element.querySelector<HTMLElement>("button"))?.focus();
    this.#told.textContent = what;
    this.#onEdit();
  }

  #draw(): void {
    fill(this.#list, ...this.#cases.map((entry, index) => this.#row(entry, index)));
  }

  #row(entry: Case, index: number): HTMLElement {
    const number = index + 1;
    const field = (name: keyof Case, label: string) => {
      const area = h("textarea", {
        class: name,
        rows: rows(entry[name]),
        spellcheck: "false",
        autocapitalize: "off",
        "aria-label": `${label} ${number}`,
        placeholder: name === "expected" ? "Expected answer (optional)" : "",
        oninput: () => {
          entry[name] = area.value;
          area.rows = rows(area.value);
          this.#onEdit();
        },
      });
      area.value = entry[name];
      return area;
    };
    const button = (label: string, shown: string, action: () => void, disabled = false) =>
      h("button", { type: "button", class: "plain small", "aria-label": `${label} ${number}`, title: label, disabled, onclick: action }, shown);
    return h("li", {
      onkeydown: (event: KeyboardEvent) => {
        if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
        event.preventDefault();
        this.#move(index, event.key === "ArrowUp" ? -1 : 1);
      },
    },
      field("input", "Input"),
      field("expected", "Expected answer of input"),
      h("div", { class: "buttons" },
        button("Move up input", "↑", () => this.#move(index, -1), index === 0),
        button("Move down input", "↓", () => this.#move(index, 1), index === this.#cases.length - 1),
        button("Remove input", "✕", () => this.#remove(index))));
  }
}

function rows(text: string): number {
  return Math.min(Math.max(text.split("\n").length, 1), 8);
}

/// Which language, and whether the code is a function or a whole program.

import type { Language, Languages, Mode } from "../shared/api.ts";
import { fill, h } from "../shared/dom.ts";

export class Picker {
  readonly element: HTMLElement;
  readonly #language = h("select", { id: "language" });
  readonly #version = h("span", { class: "muted small version" });
  readonly #modes: Record<Mode, HTMLInputElement>;
  #known: Language[] = [];

  /// `onChange` is called when somebody chose another language, or another mode.
  constructor(onChange: (what: "language" | "mode") => void) {
    const radio = (value: Mode) => h("input", { type: "radio", name: "mode", value, onchange: () => onChange("mode") });
    this.#modes = { function: radio("function"), program: radio("program") };
    this.#language.addEventListener("change", () => onChange("language"));
    this.element = h("div", { class: "picker" },
      h("label", { for: "language" }, "Language"),
      this.#language,
      this.#version,
      h("fieldset", { class: "choice" },
        h("legend", { class: "unseen" }, "The code is"),
        h("label", { title: "The body of a function: input_str is the input, what it returns is the answer" }, this.#modes.function, "Function"),
        h("label", { title: "A whole program: the input is on stdin, the answer on stdout" }, this.#modes.program, "Program")));
  }

  get language(): string {
    return this.#language.value;
  }

  get mode(): Mode {
    return this.#modes.program.checked ? "program" : "function";
  }

  /// What is known of the chosen language.
  get details(): Language | undefined {
    return this.#known.find(({ id }) => id === this.language);
  }

  /// The languages of the server. Those that can not be used are there, with the reason, and can not be chosen.
  set languages({ languages }: Languages) {
    const chosen = this.language;
    this.#known = [...languages].sort((one, other) => one.name.localeCompare(other.name, "en"));
    const option = ({ id, name, available, reason }: Language) =>
      h("option", { value: id, disabled: !available }, available ? name : `${name} – ${reason ?? "it can not be used"}`);
    const group = (label: string, members: Language[]) => members.length > 0 && h("optgroup", { label }, ...members.map(option));
    fill(this.#language,
      group("Ready", this.#known.filter(({ available }) => available)),
      group("Not on this server", this.#known.filter(({ available }) => !available)));
    if (chosen) this.choose(chosen, this.mode);
  }

  /// Shows this choice; a mode that the language lacks becomes the one it has. Gives the mode.
  choose(language: string, mode: Mode): Mode {
    if (![...this.#language.options].some((option) => option.value === language)) {
      // Before the languages of the server are known, and for links with one that it lacks.
      this.#language.append(h("option", { value: language }, language));
    }
    this.#language.value = language;
    const details = this.details;
    const modes = details?.modes ?? ["function", "program"];
    const possible = modes.includes(mode) ? mode : modes[0] ?? mode;
    this.#modes.function.disabled = !modes.includes("function");
    this.#modes.program.disabled = !modes.includes("program");
    this.#modes[possible].checked = true;
    this.#version.textContent = this.#version.title = details ? (details.version ?? details.reason ?? "") : "";
    return possible;
  }

  focus(): void {
    this.#language.focus();
  }
}

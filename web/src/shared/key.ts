/// The API key: where it is kept, and the dialog that asks for it. All pages of a server use the same.
///
/// It is kept for this tab; on this computer only if that was asked for.

import { h } from "./dom.ts";
import { keep, recall } from "./storage.ts";

const NAME = "api-key";
const tab = () => sessionStorage;
/// Where the browser keeps nothing.
let entered: string | null = null;

/// The key, or null.
export function key(): string | null {
  return entered ?? recall(NAME, tab) ?? recall(NAME);
}

export class KeyDialog {
  readonly #why = h("p", { class: "notice bad", role: "alert", hidden: true });
  readonly #field = h("input", { type: "password", id: "api-key", autocomplete: "off", spellcheck: "false", required: true });
  readonly #remember = h("input", { type: "checkbox", id: "remember" });
  readonly #dialog: HTMLDialogElement;

  /// `about` says what the key is for. `onChange` is called when there is another key, or none any more.
  constructor(title: string, about: string, onChange: () => void) {
    const change = (value: string | null, remember: boolean) => {
      entered = value;
      keep(NAME, value, tab);
      keep(NAME, remember ? value : null);
      this.#dialog.close();
      onChange();
    };
    const save = (event: Event) => {
      event.preventDefault();
      const value = this.#field.value.trim();
      if (value !== "") change(value, this.#remember.checked);
    };
    this.#dialog = h("dialog", { "aria-labelledby": "key-title", class: "key" },
      h("form", { onsubmit: save },
        h("h2", { id: "key-title" }, title),
        this.#why,
        h("p", { class: "muted" }, about),
        h("label", { for: "api-key" }, "Key"),
        this.#field,
        h("div", { class: "check" }, this.#remember, h("label", { for: "remember" }, "Remember on this computer")),
        h("p", { class: "muted small" }, "Without that it is forgotten when this tab is closed. Do not tick it on a computer that others use."),
        h("div", { class: "actions" },
          h("button", { type: "button", class: "plain", onclick: () => change(null, false) }, "Forget the key"),
          h("button", { type: "button", onclick: () => this.#dialog.close() }, "Cancel"),
          h("button", { class: "primary" }, "Use this key"))));
    document.body.append(this.#dialog);
  }

  /// Asks for a key, and says why if there is a reason.
  ask(why = ""): void {
    this.#why.textContent = why;
    this.#why.hidden = why === "";
    this.#field.value = key() ?? "";
    this.#remember.checked = recall(NAME) !== null;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.select();
  }
}

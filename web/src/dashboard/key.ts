/// The key of the operator, and the dialog that asks for it. It is the one that the other pages of this server use, and is kept as
/// they keep it: for this tab, and on this computer only if that was asked for.

import { h } from "../shared/dom.ts";
import { keep, recall } from "../shared/storage.ts";

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
  readonly #field = h("input", { type: "password", id: "key", autocomplete: "off", spellcheck: "false", required: true });
  readonly #remember = h("input", { type: "checkbox", id: "remember" });
  readonly #dialog: HTMLDialogElement;

  /// `onChange` is called when there is another key, or none any more.
  constructor(onChange: () => void) {
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
    this.#dialog = h("dialog", { class: "key", "aria-labelledby": "key-title" },
      h("form", { onsubmit: save },
        h("h2", { id: "key-title" }, "Admin key"),
        this.#why,
        h("p", { class: "muted" }, "What this page shows is for keys with the scope admin. The key that the server was started with has it."),
        h("label", { for: "key" }, "Key"),
        this.#field,
        h("div", { class: "check" }, this.#remember, h("label", { for: "remember" }, "Remember on this computer")),
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
    this.#field.value = "";
    this.#remember.checked = recall(NAME) !== null;
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.focus();
  }
}

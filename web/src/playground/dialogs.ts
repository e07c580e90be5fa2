/// The dialogs that show a text to be taken along: the link, the request as a program, the raw result.

import type { RunRequest } from "../shared/api.ts";
import { copy, download, fill, h } from "../shared/dom.ts";
import { type ClientName, CLIENTS, snippet } from "./snippets.ts";
import { count } from "./text.ts";

/// A dialog with a title, for one thing at a time.
export class TextDialog {
  readonly #title = h("h2", { id: "text-title" });
  readonly #intro = h("div");
  readonly #text = h("pre", { tabindex: "0", role: "group", "aria-labelledby": "text-title" });
  readonly #told = h("span", { role: "status", class: "muted small" });
  readonly #dialog: HTMLDialogElement;
  #content = "";
  #file = "";

  constructor() {
    const copied = async () => {
      this.#told.textContent = (await copy(this.#content)) ? "Copied." : "The browser does not allow it: select the text and copy it.";
    };
    this.#dialog = h("dialog", { class: "texts", "aria-labelledby": "text-title" },
      this.#title,
      this.#intro,
      this.#text,
      h("div", { class: "actions" },
        this.#told,
        h("button", { type: "button", onclick: () => download(this.#file, this.#content) }, "Download"),
        h("button", { type: "button", onclick: copied }, "Copy"),
        h("button", { type: "button", class: "primary", onclick: () => this.#dialog.close() }, "Close")));
    document.body.append(this.#dialog);
  }

  showLink(link: string): void {
    this.#intro.replaceChildren(
      h("p", { class: "muted" }, "Whoever opens it sees this code and these inputs. They are in the link itself, nothing is kept on the server, and nothing is run by opening it."),
      link.length > 30_000 ? h("p", { class: "notice warn" }, `The link has ${count(link.length)} characters; some programs cut links of that length.`) : "");
    this.#show("Link to this work", link, "link.txt");
  }

  showClients(request: RunRequest, base: string): void {
    const choose = (client: ClientName) => this.#put(snippet(client, request, base), client === "curl" ? "run.sh" : client === "python" ? "run.py" : "run.mjs");
    const radios = Object.entries(CLIENTS).map(([client, words]) =>
      h("label", {}, h("input", { type: "radio", name: "client", checked: client === "curl", onchange: () => choose(client as ClientName) }), words));
    fill(this.#intro,
      h("fieldset", { class: "choice" }, h("legend", {}, "This request in"), ...radios),
      h("p", { class: "muted small" }, "The key is read from the variable API_KEY."));
    this.#show("As a program", "", "");
    choose("curl");
  }

  showJson(title: string, value: unknown): void {
    fill(this.#intro);
    this.#show(title, JSON.stringify(value, null, 2), "result.json");
  }

  #show(title: string, text: string, file: string): void {
    this.#title.textContent = title;
    this.#put(text, file);
    this.#dialog.showModal();
  }

  #put(text: string, file: string): void {
    this.#content = text;
    this.#file = file;
    const cut = 200_000;
    this.#text.textContent = text.length > cut ? `${text.slice(0, cut)}\n… cut here; Copy and Download take all ${count(text.length)} characters.` : text;
    this.#told.textContent = "";
  }
}

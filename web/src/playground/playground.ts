/// The playground: puts the parts together, and is the only one who knows all of them.
///
/// Work is kept for each language and mode as it is edited. What a link brought is kept only when it is edited.

import { ApiError, Client, type Languages, type Mode } from "../shared/api.ts";
import { fill, h } from "../shared/dom.ts";
import { Editor } from "../shared/editor.ts";
import { key, KeyDialog } from "../shared/key.ts";
import { recall } from "../shared/storage.ts";
import { themeSwitch } from "../shared/theme.ts";
import { Cases } from "./cases.ts";
import { TextDialog } from "./dialogs.ts";
import { type Draft, keepDraft, recallDraft, requestOf, type Work } from "./draft.ts";
import { exampleOf } from "./examples.ts";
import { Picker } from "./picker.ts";
import { Results } from "./results.ts";
import { Runner } from "./run.ts";
import { Settings } from "./settings.ts";
import { fragmentOf, workOf } from "./share.ts";
import { problemText } from "./words.ts";

const ABOUT_KEY =
  "Every request needs a key. The operator of this server has made one, or the server wrote it into its data folder when it first started.";
/// Before the server was asked.
const FIRST_LANGUAGE = "python";

export class Playground {
  readonly #client = new Client(new URL(".", document.baseURI).href, key);
  readonly #texts = new TextDialog();
  readonly #keys = new KeyDialog("API key", ABOUT_KEY, () => {
    this.#clear();
    void this.#loadLanguages();
  });
  readonly #picker = new Picker((what) => void this.#picked(what));
  readonly #cases = new Cases(() => this.#edited());
  readonly #settings = new Settings(() => this.#edited());
  readonly #results = new Results((line, column) => this.#editor.jump(line, column), (id) => void this.#showRaw(id));
  readonly #runner = new Runner(this.#client, this.#results);
  readonly #notices = h("div", { class: "notices", role: "region", "aria-label": "Messages", "aria-live": "polite" });
  readonly #run = h("button", { type: "button", class: "primary", onclick: () => void this.#start() }, "Run");
  readonly #cancel = h("button", { type: "button", disabled: true, onclick: () => void this.#stop() }, "Cancel");
  readonly #host = h("div", { class: "editor", id: "code" });
  readonly #editor: Editor;
  #running = false;

  constructor() {
    const button = (text: string, action: () => void) => h("button", { type: "button", onclick: action }, text);
    this.#run.title = "Ctrl+Enter, or Cmd+Enter on a Mac";
    document.body.prepend(
      h("a", { class: "skip", href: "#code", onclick: (event: Event) => { event.preventDefault(); this.#editor.focus(); } }, "To the code"),
      h("header", { class: "bar" },
        h("h1", {}, "Code Runner ", h("span", {}, "playground")),
        h("nav", { "aria-label": "Pages" }, h("a", { href: "dashboard" }, "Dashboard"), h("a", { href: "swagger/index.html" }, "API")),
        button("API key", () => this.#keys.ask()),
        themeSwitch()),
      h("main", {},
        h("div", { class: "toolbar", role: "group", "aria-label": "What to run" },
          this.#picker.element,
          h("div", { class: "actions" }, this.#run, this.#cancel, button("Share", () => void this.#share()), button("As a program", () => this.#clients()), button("Reset", () => void this.#reset()))),
        this.#notices,
        h("div", { class: "columns" },
          h("div", {},
            h("section", { class: "panel", "aria-labelledby": "code-title" },
              h("div", { class: "row" }, h("h2", { id: "code-title" }, "Code"), h("span", { class: "muted small" }, "Tab indents; Esc, then Tab leaves the editor")),
              this.#host),
            h("div", { class: "panel" }, this.#cases.element, this.#settings.element)),
          this.#results.element)),
      h("footer", { class: "muted small" }, h("a", { href: "assets/licences.md" }, "Licences of what this page is made of")));
    this.#editor = new Editor({ parent: this.#host, text: "", language: FIRST_LANGUAGE, label: "Code", onEdit: () => this.#edited(), onRun: () => void this.#start() });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      void this.#start();
    });
    window.addEventListener("hashchange", () => void this.#openLink());
  }

  /// Shows what was last worked on, or what a link brings, and asks the server for its languages.
  async begin(): Promise<void> {
    const language = recall("language") ?? FIRST_LANGUAGE;
    if (!(await this.#openLink())) await this.#open(language, modeOf(language));
    performance.mark("usable");
    await this.#loadLanguages(recall("language") === null);
    document.documentElement.dataset["ready"] = "true";
    performance.mark("ready");
  }

  get #work(): Work {
    const { language, mode } = this.#picker;
    const { checker, limits } = this.#settings;
    return { language, mode, code: this.#editor.text, cases: this.#cases.cases, checker, limits };
  }

  #show({ language, mode, code, cases, checker, limits }: Work): void {
    this.#picker.choose(language, mode);
    this.#editor.setDiagnostics([]);
    this.#editor.setText(code);
    void this.#editor.setLanguage(language);
    this.#cases.cases = cases;
    this.#settings.show(checker, limits, this.#picker.details);
  }

  /// The draft of this language and mode, or its example.
  async #open(language: string, wanted: Mode): Promise<void> {
    const mode = this.#picker.choose(language, wanted);
    const draft: Draft = recallDraft(language, mode) ?? (await exampleOf(language, mode));
    // Somebody may have chosen another one meanwhile.
    if (this.#picker.language === language && this.#picker.mode === mode) this.#show({ ...draft, language, mode });
  }

  async #picked(what: "language" | "mode"): Promise<void> {
    this.#dropLink();
    const { language, mode } = this.#picker;
    await this.#open(language, what === "language" ? modeOf(language) : mode);
    keepDraft(this.#work);
  }

  #edited(): void {
    if (!keepDraft(this.#work)) this.#tell("warn", "The browser can not keep this: what you write is gone when you leave the page. It may be too large, or the browser keeps nothing for this page.");
    this.#dropLink();
  }

  async #loadLanguages(takeDefault = false): Promise<void> {
    if (key() === null) return this.#keys.ask();
    let languages: Languages;
    try {
      languages = await this.#client.languages();
    } catch (error) {
      return this.#failed(error);
    }
    this.#picker.languages = languages;
    if (takeDefault && !location.hash && this.#picker.language !== languages.default) {
      await this.#open(languages.default, modeOf(languages.default));
    }
    // The mode may be one that the language lacks, and limits are known only now.
    const { language, mode } = this.#picker;
    if (mode !== this.#picker.choose(language, mode)) await this.#open(language, this.#picker.mode);
    this.#settings.show(this.#settings.checker, this.#settings.limits, this.#picker.details);
  }

  async #start(): Promise<void> {
    if (this.#running) return;
    if (key() === null) return this.#keys.ask();
    this.#clear();
    const wrong = this.#settings.wrong();
    if (wrong !== null) return this.#tell("bad", wrong);
    this.#busy(true);
    this.#editor.setDiagnostics([]);
    try {
      const { diagnostics } = await this.#runner.run(this.#work);
      this.#editor.setDiagnostics(diagnostics);
    } catch (error) {
      this.#results.end("Nothing came of it.");
      this.#failed(error);
    } finally {
      this.#busy(false);
    }
  }

  async #stop(): Promise<void> {
    this.#cancel.disabled = true;
    try {
      await this.#runner.cancel();
    } catch (error) {
      this.#cancel.disabled = !this.#running;
      this.#failed(error);
    }
  }

  #busy(running: boolean): void {
    this.#running = running;
    this.#run.setAttribute("aria-disabled", String(running));
    this.#run.textContent = running ? "Running …" : "Run";
    this.#cancel.disabled = !running;
  }

  async #share(): Promise<void> {
    this.#texts.showLink(new URL(await fragmentOf(this.#work), location.href).href);
  }

  #clients(): void {
    this.#texts.showClients(requestOf(this.#work), this.#client.address(""));
  }

  async #showRaw(id: string): Promise<void> {
    try {
      this.#texts.showJson("Raw result", await this.#client.result(id));
    } catch (error) {
      this.#failed(error);
    }
  }

  async #reset(): Promise<void> {
    const before = this.#work;
    this.#show({ ...(await exampleOf(before.language, before.mode)), language: before.language, mode: before.mode });
    this.#edited();
    this.#tell("info", "This is the example again. ", ["Undo", () => { this.#clear(); this.#show(before); this.#edited(); }]);
  }

  /// Shows the work of the address; false if there is none in it.
  async #openLink(): Promise<boolean> {
    try {
      const work = await workOf(location.hash);
      if (work === null) return false;
      this.#show(work);
      const own = () => { this.#clear(); this.#dropLink(); void this.#open(work.language, work.mode); };
      this.#tell("info", "This came with the link. Your own work in this language is kept until you edit this. ", ["Back to my own", own]);
      return true;
    } catch {
      this.#dropLink();
      this.#tell("bad", "The link is damaged or was cut: there is no work in it that can be read.");
      return false;
    }
  }

  /// What is shown is no longer what the link brought.
  #dropLink(): void {
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  }

  #failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 401) return this.#keys.ask("The server does not know this key.");
    const { detail, field } = problemText(error);
    const goTo = field === null ? null : this.#place(field);
    this.#tell("bad", field === null ? detail : `${detail} (Field: ${field}.) `, goTo && ["Go there", goTo]);
  }

  /// Where a field of a request is edited.
  #place(field: string): (() => void) | null {
    const index = /^(?:inputs|tests)\[(\d+)\](?:\.(\w+))?/.exec(field);
    if (index) {
      const name = index[2] === "expected" ? "expected" : "input";
      return () => this.#cases.element.querySelectorAll<HTMLElement>(`textarea.${name}`)[Number(index[1])]?.focus();
    }
    if (field === "code") return () => this.#editor.focus();
    if (field === "language" || field === "mode") return () => this.#picker.focus();
    if (field.startsWith("limits") || field.startsWith("checker")) return () => void this.#settings.goTo(field);
    return null;
  }

  #tell(kind: "info" | "warn" | "bad", text: string, action?: [string, () => void] | null): void {
    fill(this.#notices, h("div", { class: `notice ${kind}` }, h("span", {}, text),
      action && h("button", { type: "button", class: "small", onclick: action[1] }, action[0])));
  }

  #clear(): void {
    fill(this.#notices);
  }
}

function modeOf(language: string): Mode {
  return recall(`mode:${language}`) === "program" ? "program" : "function";
}

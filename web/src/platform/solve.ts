/// The form of a solution: an editor in place of its text field, and a draft that survives the page.

import { Editor } from "../shared/editor.ts";
import { h } from "../shared/dom.ts";
import { draft, keepDraft } from "./drafts.ts";

/// Milliseconds without a change until a draft is kept.
const REST = 400;

/// Puts the editor over the text field of the form, which stays what is sent.
export function mount(form: HTMLFormElement): void {
  const area = form.querySelector<HTMLTextAreaElement>("textarea[name=code]")!;
  const saved = form.querySelector<HTMLElement>("[data-saved]");
  const reset = form.querySelector<HTMLButtonElement>("[data-reset]");
  const name = area.dataset["draft"]!;
  // Where the server shows what was asked for, or what it has just refused, that is what is meant.
  const kept = area.hasAttribute("data-fixed") ? null : draft(name);
  const parent = h("div", { class: "editor" });
  area.before(parent);
  const say = (text: string) => {
    if (saved) saved.textContent = text;
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const editor = new Editor({
    parent,
    text: kept ?? area.value,
    language: area.dataset["language"]!,
    label: area.labels?.[0]?.textContent ?? "Code",
    onEdit: (text) => {
      area.value = text;
      clearTimeout(waiting);
      waiting = setTimeout(() => say(keepDraft(name, text) ? "Draft kept in this browser" : ""), REST);
    },
    onRun: () => form.requestSubmit(),
  });
  area.value = editor.text;
  area.hidden = true;
  // A draft that was only shown again is no news.
  if (kept !== null && kept !== area.defaultValue) say("This is your draft");
  if (reset) {
    reset.hidden = false;
    reset.addEventListener("click", () => {
      editor.setText(area.dataset["starter"] ?? "");
      area.value = editor.text;
      keepDraft(name, null);
      say("The editor is as at the beginning; undo brings your code back");
    });
  }
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    area.value = editor.text;
    // The server has it once it answers, and shows it again if it does not take it; until then it is kept here.
    keepDraft(name, editor.text);
  });
}

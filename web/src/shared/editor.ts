/// The code editor: CodeMirror 6, set up once for all pages.
///
/// It lives in a shadow root, because there CodeMirror has its styles in constructed style sheets, which a strict content
/// policy allows; in the page itself it would add a <style> element, which the policy refuses. All colours are custom
/// properties of tokens.css, which reach into a shadow root, so that light and dark need nothing here.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic as Mark, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, Prec, Transaction } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "./api.ts";
import { colours } from "./languages.ts";

export interface EditorOptions {
  /// Where it is put. The element becomes the host of a shadow root and should have nothing in it.
  parent: HTMLElement;
  text: string;
  /// The id of the language, as Code Runner calls it.
  language: string;
  /// What screen readers call it.
  label: string;
  readOnly?: boolean;
  /// Called when somebody edits, and not for `setText`.
  onEdit?: (text: string) => void;
  /// Called for Ctrl+Enter (Cmd+Enter on a Mac).
  onRun?: () => void;
}

export class Editor {
  readonly view: EditorView;
  readonly #language = new Compartment();
  #wanted = "";

  constructor({ parent, text, language, label, readOnly = false, onEdit, onRun }: EditorOptions) {
    const root = parent.attachShadow({ mode: "open" });
    const run = () => {
      onRun?.();
      return onRun !== undefined;
    };
    const edited = EditorView.updateListener.of((update) => {
      const isOurs = update.transactions.every((transaction) => transaction.annotation(Transaction.userEvent) === undefined);
      if (update.docChanged && !isOurs) onEdit?.(this.text);
    });
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
          lineNumbers(),
          lintGutter(),
          highlightActiveLineGutter(),
          highlightActiveLine(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("    "),
          bracketMatching(),
          closeBrackets(),
          syntaxHighlighting(words),
          look,
          replaced,
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
          // It can be focused without a tabindex, which axe does not know.
          EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
          EditorState.readOnly.of(readOnly),
          edited,
          this.#language.of([]),
        ],
      }),
    });
    void this.setLanguage(language);
  }

  /// What stands in it, with \n between the lines.
  get text(): string {
    return this.view.state.doc.toString();
  }

  /// Replaces what stands in it; can be undone like any edit.
  setText(text: string): void {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
  }

  /// Colours it as this language, as soon as what that needs is loaded.
  async setLanguage(language: string): Promise<void> {
    this.#wanted = language;
    const extension = await colours(language);
    // Another one may have been asked for meanwhile.
    if (this.#wanted === language) this.view.dispatch({ effects: this.#language.reconfigure(extension) });
  }

  /// Marks lines in the gutter and underlines what is meant, in place of what was marked before.
  setDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const marks = diagnostics.map((diagnostic): Mark => {
      const { from, to } = this.#range(diagnostic);
      const severity = diagnostic.severity === "note" ? "info" : diagnostic.severity;
      return { from, to, severity, message: diagnostic.message };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  /// Puts the cursor there, in view, and the focus into the editor. Lines and columns are counted from 1; one beyond the
  /// text means its end.
  jump(line: number, column = 1): void {
    const place = this.#place(line, column);
    this.view.dispatch({ selection: { anchor: place }, effects: EditorView.scrollIntoView(place, { y: "center" }) });
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  destroy(): void {
    this.view.destroy();
  }

  #place(line: number, column: number): number {
    const { doc } = this.view.state;
    const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(from + Math.max(column, 1) - 1, to);
  }

  /// The word at the place, or without a column the whole line but its indentation.
  #range({ line, column }: Diagnostic): { from: number; to: number } {
    const { doc } = this.view.state;
    const whole = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const indentation = whole.text.length - whole.text.trimStart().length;
    const from = column === undefined ? whole.from + indentation : this.#place(line, column);
    if (column === undefined) return { from, to: whole.to };
    const word = this.view.state.wordAt(from);
    return word && word.from <= from && word.to > from ? { from, to: word.to } : { from, to: Math.min(from + 1, whole.to) };
  }
}

/// What is typed over selected text is put in by us. A browser that does it keeps the look of what was there by an inline
/// style, which the content policy refuses, and says so in its console.
const replaced = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const { data } = event;
    if (event.inputType !== "insertText" || !data || empty || event.isComposing || !event.cancelable) return false;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    if (!view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

const words = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.self], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.macroName], color: "var(--code-function)" },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.standard(tags.name)], color: "var(--code-type)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--text)", height: "100%", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--text)", padding: "0.5rem 0" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 7%, transparent)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", border: "none", borderRight: "1px solid var(--border)" },
  ".cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 14%, transparent)", color: "var(--text)" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--border)", borderRadius: "4px" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
});

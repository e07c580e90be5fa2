/// Code that is not handed in yet, kept in this browser: for each person, exercise and language. It is forgotten when
/// somebody signs out, because others may use the computer next.

import { keep, recall } from "../shared/storage.ts";

const PREFIX = "draft:";

/// The draft under this name, or null.
export function draft(name: string): string | null {
  return recall(PREFIX + name);
}

/// Keeps a draft; null forgets it. False if the browser keeps nothing.
export function keepDraft(name: string, text: string | null): boolean {
  return keep(PREFIX + name, text);
}

/// Forgets all of them.
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
  } catch {
    // Nothing can be kept here, and so nothing is.
  }
}

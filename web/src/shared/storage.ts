/// What a browser keeps for these pages. Where it keeps nothing (blocked, full, private) everything works but is forgotten.

/// What is kept under a name, or null.
export function recall(name: string, store: () => Storage = () => localStorage): string | null {
  try {
    return store().getItem(name);
  } catch {
    return null;
  }
}

/// Keeps a text under a name; null forgets it. False if it could not be kept.
export function keep(name: string, value: string | null, store: () => Storage = () => localStorage): boolean {
  try {
    if (value === null) store().removeItem(name);
    else store().setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

/// The switch between light, dark and what the system prefers. `public/assets/theme.js` applies what is kept before the
/// first paint.

import { h } from "./dom.ts";
import { keep, recall } from "./storage.ts";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/// A labelled choice of the three.
export function themeSwitch(): HTMLElement {
  const select = h("select", { onchange: () => apply(select.value as Theme) });
  for (const theme of THEMES) {
    select.append(h("option", { value: theme, selected: theme === chosen() }, theme[0]!.toUpperCase() + theme.slice(1)));
  }
  return h("label", { class: "theme" }, h("span", { class: "unseen" }, "Theme"), select);
}

function chosen(): Theme {
  const kept = recall("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

function apply(theme: Theme): void {
  keep("theme", theme === "system" ? null : theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

/// What the pages of the educational platform load as `assets/platform.js`. The pages are made by its server and work
/// without this: it makes the code easier to write, keeps drafts, and shows a result as soon as it is there.

import "./platform.css";
import { recall } from "../shared/storage.ts";
import { forgetDrafts, keepDraft } from "./drafts.ts";
import { showTimes, watchAttempt } from "./attempt.ts";

const theme = recall("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;

showTimes(document);
for (const place of document.querySelectorAll<HTMLElement>("[data-poll]")) void watchAttempt(place);
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-forget]")) form.addEventListener("submit", forgetDrafts);
const accepted = document.querySelector<HTMLElement>("[data-accepted]");
if (accepted) {
  keepDraft(accepted.dataset["accepted"]!, null);
  // Whoever comes back to this page later may have a new draft.
  history.replaceState(null, "", location.pathname);
}
const form = document.querySelector<HTMLFormElement>("form[data-editor]");
// Nine in ten of the bytes are the editor's; pages without one do not load it.
if (form) void import("./solve.ts").then(({ mount }) => mount(form));

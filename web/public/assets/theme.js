// Light or dark, if somebody chose: before anything is painted, and so apart from the page's own script, which comes later.
// What is kept is written by src/shared/theme.ts.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // A browser that keeps nothing for this page shows what the system prefers.
  }
})();

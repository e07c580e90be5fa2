/// How verdicts, problems and measures are put for people.

import { ApiError, type RunResult, type Verdict } from "../shared/api.ts";
import { h } from "../shared/dom.ts";

const VERDICTS: Record<Verdict, [words: string, colour: string]> = {
  ok: ["OK", "ok"],
  wrong_answer: ["Wrong answer", "bad"],
  compile_error: ["Does not compile", "bad"],
  runtime_error: ["Failed while running", "bad"],
  time_limit: ["Took too long", "warn"],
  memory_limit: ["Needed too much memory", "warn"],
  output_limit: ["Wrote too much", "warn"],
  cancelled: ["Cancelled", "info"],
  internal_error: ["Not run: our fault", "warn"],
};

export function verdictWords(verdict: Verdict): string {
  return VERDICTS[verdict]?.[0] ?? verdict;
}

export function verdictBadge({ verdict, test }: Pick<RunResult, "verdict" | "test">): HTMLElement {
  const [words, colour] = VERDICTS[verdict] ?? [verdict, "info"];
  return h("span", { class: `badge ${colour}` }, test?.passed ? "Right" : words);
}

export function time(milliseconds: number): string {
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

export function memory(kib: number): string {
  return kib < 1024 ? `${kib} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/// What went wrong with a request, and with which of its fields.
export function problemText(error: unknown): { detail: string; field: string | null } {
  if (error instanceof ApiError) {
    const again = error.retryAfter ? ` Try again in ${error.retryAfter} s.` : "";
    return { detail: `${capital(error.message)}.${again}`.replace(/([.?!])\.( |$)/, "$1$2"), field: error.field };
  }
  return { detail: `This page failed: ${error instanceof Error ? error.message : String(error)}`, field: null };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

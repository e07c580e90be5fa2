/// Whether the server is up, and since when what the page shows is old.

import { ApiError } from "../shared/api.ts";
import { fill, h } from "../shared/dom.ts";
import { clock } from "./format.ts";
import type { Overview } from "./stats.ts";
import { badge } from "./tables.ts";

const STATES = { ok: ["ok", "up"], not_ready: ["bad", "not ready"], stopping: ["warn", "stopping"] } as const;

export class State {
  /// Told to whoever does not see the page, when it changes.
  readonly element = h("p", { class: "state", role: "status" });
  #told = "";
  /// When the first attempt of those since the last answer failed.
  #downSince: Date | null = null;
  #lastAnswer: Date | null = null;

  answered(overview: Overview): void {
    this.#downSince = null;
    this.#lastAnswer = new Date();
    const [kind, word] = STATES[overview.status];
    this.#tell(overview.reason ?? "", kind, word);
    this.element.dataset["state"] = overview.status;
  }

  failed(error: ApiError): void {
    this.#downSince ??= new Date();
    const since = clock(this.#downSince);
    const old = this.#lastAnswer ? ` What is shown is of ${clock(this.#lastAnswer)}.` : "";
    const isDown = error.status === 0;
    const why = isDown ? "Code Runner can not be reached." : `${error.message}.`;
    this.#tell(`${why}${old}`, "bad", isDown ? `down since ${since}` : `no answer since ${since}`);
    this.element.dataset["state"] = "down";
  }

  waiting(): void {
    this.#tell("Enter a key to see how the server is.", "info", "no key");
    this.element.dataset["state"] = "waiting";
  }

  #tell(more: string, kind: "ok" | "bad" | "warn" | "info", word: string): void {
    // Said once, and not with each look.
    if (this.#told === word + more) return;
    this.#told = word + more;
    fill(this.element, badge(kind, word), " ", more);
  }
}

/// One submission at a time: sent, watched, cancelled.

import { ApiError, type Client, type Diagnostic, type Done } from "../shared/api.ts";
import { watch } from "../shared/watch.ts";
import { requestOf, type Work } from "./draft.ts";
import type { Results } from "./results.ts";

export interface Outcome {
  /// What compiler and runtime said of lines of the code.
  diagnostics: Diagnostic[];
}

export class Runner {
  readonly #client: Client;
  readonly #results: Results;
  #id: string | null = null;
  #cancelled = false;

  constructor(client: Client, results: Results) {
    this.#client = client;
    this.#results = results;
  }

  /// Submits the work and shows what happens until it is done.
  ///
  /// Throws an `ApiError` if it was refused, or could not be watched to its end.
  async run(work: Work): Promise<Outcome> {
    this.#cancelled = false;
    this.#results.begin(work);
    try {
      const started = await this.#submit(work);
      this.#id = started.exec_id;
      this.#results.accepted(started.exec_id);
      this.#results.queued(started);
      if (this.#cancelled) await this.cancel();
      for await (const happening of watch(this.#client, started.exec_id)) {
        if (happening.kind === "queued") this.#results.queued(happening.outlook);
        else if (happening.kind === "started") this.#results.started();
        else if (happening.kind === "compiled") this.#results.compiled(happening.compile);
        else if (happening.kind === "input") this.#results.ran(happening.index, happening.result);
        else {
          this.#results.done(happening.result);
          return { diagnostics: diagnosticsOf(happening.result) };
        }
      }
      throw new Error("the result did not come");
    } catch (error) {
      // It was done when it was to be cancelled, and so its result was deleted.
      if (!this.#cancelled || !(error instanceof ApiError) || error.status !== 404) throw error;
      this.#results.end("Cancelled.");
      return { diagnostics: [] };
    } finally {
      this.#id = null;
    }
  }

  /// Asks for the end of what runs. One that is being sent is cancelled as soon as it has an id.
  async cancel(): Promise<void> {
    this.#cancelled = true;
    if (this.#id !== null) await this.#client.cancel(this.#id);
  }

  /// A request whose answer was lost is sent again; the key sees to it that it is run once.
  async #submit(work: Work) {
    const once = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const request = requestOf(work);
    try {
      return await this.#client.run(request, once);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 0) throw error;
      return this.#client.run(request, once);
    }
  }
}

/// Each once: several inputs may have failed at the same place.
function diagnosticsOf({ diagnostics, results }: Done): Diagnostic[] {
  const all = [...diagnostics, ...results.flatMap((result) => result.diagnostics)];
  return [...new Map(all.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

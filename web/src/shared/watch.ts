/// A submission as it happens: live where the stream of events gets through, else when it is done.

import { ApiError, type Client, type CompileReport, type Done, type Outlook, type RunResult } from "./api.ts";

/// Something that happened.
export type Happening =
  | { kind: "queued"; outlook: Outlook }
  | { kind: "started" }
  | { kind: "compiled"; compile: CompileReport }
  | { kind: "input"; index: number; result: RunResult }
  | { kind: "done"; result: Done };

/// How often a stream that breaks is taken up again before the result is polled for.
const STREAMS = 3;
/// Seconds that a poll waits: less than proxies give up after.
const WAIT = 20;
/// How many polls in a row may fail for a reason that passes.
const PATIENCE = 10;

/// What happens to a submission, up to and including `done`.
export async function* watch(client: Client, id: string, signal?: AbortSignal): AsyncGenerator<Happening> {
  let last = "";
  for (let stream = 0; stream < STREAMS; stream++) {
    try {
      for await (const event of client.events(id, last, signal)) {
        last = event.id;
        const happening = read(event.kind, event.data);
        if (happening) yield happening;
        if (happening?.kind === "done") return;
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      // Something between may not let streams through; what the server itself refuses it will refuse again.
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) throw error;
    }
  }
  for (let failures = 0; ; ) {
    let answer;
    try {
      answer = await client.result(id, WAIT, signal);
      failures = 0;
    } catch (error) {
      if (signal?.aborted || !passes(error) || ++failures > PATIENCE) throw error;
      await pause((error.retryAfter ?? failures) * 1000, signal);
      continue;
    }
    if (answer.status === "done") {
      yield { kind: "done", result: answer };
      return;
    }
    yield { kind: "queued", outlook: answer };
  }
}

/// May the next attempt be answered otherwise?
function passes(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function read(kind: string, data: string): Happening | null {
  const body = JSON.parse(data);
  switch (kind) {
    case "queued":
      return { kind, outlook: body };
    case "started":
      return { kind };
    case "compiled":
      return { kind, compile: body };
    case "input":
      return { kind, index: body.index, result: body.result };
    case "done":
      return { kind, result: body };
    default:
      return null; // Of a newer server.
  }
}

/// Server-sent events out of a fetched body, because `EventSource` can send no x-api-key.
/// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/// One event.
export interface ServerEvent {
  /// Its kind; `message` if it has none.
  kind: string;
  data: string;
  /// The last id there was, with this event or before it.
  id: string;
}

/// The events of a body, until it ends. Comments are left out, and so is an event that was cut off.
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let kind = "";
  let id = "";
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length > 0) yield { kind: kind || "message", data: data.join("\n"), id };
      kind = "";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") kind = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
  }
}

/// Lines that are complete. They end in LF, CR LF or CR.
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A CR at the end may be half of a line end.
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop()!;
      yield* parts;
    }
  } finally {
    // Whoever stops to read lets the connection go.
    await reader.cancel().catch(() => undefined);
  }
}

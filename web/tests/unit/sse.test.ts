import assert from "node:assert/strict";
import { test } from "node:test";
import { events, type ServerEvent } from "../../src/shared/sse.ts";

/// The events of a text that comes in pieces of so many bytes.
async function read(text: string, size: number): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const all: ServerEvent[] = [];
  for await (const event of events(body)) all.push(event);
  return all;
}

test("events are the same however they are cut", async () => {
  const text = "event: input\ndata: {\"a\":\ndata: \"Zażółć 🎉\"}\nid: 1-2\n\n: a comment\n\r\ndata:x\r\n\r\ndata\rid: 3\r\revent: cut\ndata: off";
  const wanted = [
    { kind: "input", data: "{\"a\":\n\"Zażółć 🎉\"}", id: "1-2" },
    { kind: "message", data: "x", id: "1-2" },
    { kind: "message", data: "", id: "3" },
  ];
  for (let size = 1; size < 60; size++) assert.deepEqual(await read(text, size), wanted, `pieces of ${size}`);
});

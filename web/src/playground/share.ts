/// Work in a link. It is in the fragment, which no browser sends to a server: `#work=` and the work as JSON, deflated (with a
/// checksum), in base64url. Whoever opens it sees it; nothing is run by that.

import type { Mode } from "../shared/api.ts";
import { draftOf, type Work } from "./draft.ts";

const MARK = "#work=";
/// The most bytes a link may unfold to.
const MOST_BYTES = 4 << 20;

/// The fragment for this work.
export async function fragmentOf({ language, mode, code, cases, checker, limits }: Work): Promise<string> {
  const json = JSON.stringify({ version: 1, language, mode, code, cases, checker, limits });
  const packed = new Blob([json]).stream().pipeThrough(new CompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return MARK + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/// The work in a fragment; null where there is none.
///
/// Throws if it is damaged or too large.
export async function workOf(fragment: string): Promise<Work | null> {
  if (!fragment.startsWith(MARK)) return null;
  const binary = atob(fragment.slice(MARK.length).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const value = JSON.parse(await unpacked(bytes)) as Record<string, unknown>;
  const { version, language, mode } = value;
  if (version !== 1 || typeof language !== "string" || !/^[a-z0-9-]{1,32}$/.test(language)) throw new Error("no work");
  if (mode !== "function" && mode !== "program") throw new Error("no mode");
  return { ...draftOf(value), language, mode: mode satisfies Mode };
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new Error("too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

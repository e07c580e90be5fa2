import assert from "node:assert/strict";
import { test } from "node:test";
import type { Work } from "../../src/playground/draft.ts";
import { fragmentOf, workOf } from "../../src/playground/share.ts";

const WORK: Work = {
  language: "cpp",
  mode: "program",
  code: "// Zażółć 你好 🎉\nint main() {}\n".repeat(200),
  cases: [{ input: "1\n2\n", expected: "3" }, { input: "\0\u2028", expected: "" }],
  checker: "tokens",
  limits: { cpu_time_ms: 500 },
};

test("what a link brings is what was put into it, and it is short", async () => {
  const fragment = await fragmentOf(WORK);
  assert.match(fragment, /^#work=[A-Za-z0-9_-]+$/);
  assert.ok(fragment.length < 500, `${fragment.length} characters for ${WORK.code.length}`);
  assert.deepEqual(await workOf(fragment), WORK);
});

test("an address without work has none", async () => {
  assert.equal(await workOf(""), null);
  assert.equal(await workOf("#code"), null);
});

test("a link that was cut or changed is refused", async () => {
  const fragment = await fragmentOf(WORK);
  const middle = Math.floor(fragment.length / 2);
  const changed = fragment.slice(0, middle) + (fragment[middle] === "A" ? "B" : "A") + fragment.slice(middle + 1);
  for (const bad of [fragment.slice(0, -20), changed, "#work=", "#work=!", "#work=AAAA"]) {
    await assert.rejects(workOf(bad), bad.slice(0, 20));
  }
});

/// A fragment with any JSON in it.
async function packed(value: unknown): Promise<string> {
  const deflated = new Blob([typeof value === "string" ? value : JSON.stringify(value)]).stream().pipeThrough(new CompressionStream("deflate"));
  return `#work=${Buffer.from(await new Response(deflated).arrayBuffer()).toString("base64url")}`;
}

test("a link with anything else than work in it is refused", async () => {
  const good = { version: 1, ...WORK };
  assert.deepEqual(await workOf(await packed(good)), WORK);
  const bad = [null, 1, [], { ...good, version: 2 }, { ...good, language: "../x" }, { ...good, mode: "x" }, { ...good, code: 1 }, { ...good, cases: {} }, { ...good, cases: [{ input: 1, expected: "" }] }];
  for (const value of bad) await assert.rejects(workOf(await packed(value)), JSON.stringify(value).slice(0, 60));
  await assert.rejects(workOf(await packed(" ".repeat(20 << 20))), /too large/);
  assert.deepEqual((await workOf(await packed({ ...good, checker: "__proto__", limits: { cpu_time_ms: -1, other: 5 } })))?.limits, {});
});

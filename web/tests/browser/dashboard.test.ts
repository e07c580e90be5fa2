/// The operator's dashboard against a real server: its numbers move, its tables say what its charts draw, and it says when the
/// server is down.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import type { History } from "../../src/dashboard/stats.ts";
import { assertAccessible, open, useSite } from "../support/browser.ts";
import { startServer, until } from "../support/server.ts";

const site = useSite();

/// Something that stands in no page but in what was sent.
const SECRET = "the-code-of-a-student";

async function submit(input: string): Promise<string> {
  const body = JSON.stringify({ code: `# ${SECRET}\nreturn str(1 // int(input_str))`, inputs: [input] });
  const answer = await site.server.fetch("/run", { method: "POST", body, headers: { "content-type": "application/json" } });
  assert.equal(answer.status, 202, await answer.clone().text());
  return ((await answer.json()) as { exec_id: string }).exec_id;
}

/// Runs so many that end well, and one that does not.
async function load(good: number): Promise<string[]> {
  const ids = await Promise.all(["0", ...Array(good).fill("1")].map(submit));
  await Promise.all(ids.map((id) => until(`${id} is done`, async () => (await site.server.fetch(`/result/${id}?wait=20`)).status === 200)));
  return ids;
}

async function history(): Promise<History> {
  return (await (await site.server.fetch("/stats/history")).json()) as History;
}

function panel(page: Page, title: string) {
  return page.locator("section.panel", { has: page.getByRole("heading", { name: title, exact: true }) });
}

async function isUp(page: Page): Promise<void> {
  await page.locator(".state[data-state=ok]").waitFor();
}

function picture(page: Page, title: string): Promise<string> {
  return panel(page, title).locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

/// A column of numbers of a table, by its name.
async function column(page: Page, title: string, name: string): Promise<string[]> {
  return panel(page, title).locator("table").evaluate((table: HTMLTableElement, name) => {
    const at = [...table.tHead!.rows[0]!.cells].findIndex((cell) => cell.textContent === name);
    if (at < 0) throw new Error(`no column ${name}`);
    return [...table.tBodies[0]!.rows].map((row) => row.cells[at]!.textContent ?? "");
  }, name);
}

function sum(numbers: string[]): number {
  return numbers.map((text) => (text === "–" ? 0 : Number(text.replaceAll(",", "")))).reduce((all, one) => all + one, 0);
}

test("numbers, charts and tables move under load, and say the same", async () => {
  const before = (await history()).total.finished;
  const page = await site.open("/dashboard");
  await isUp(page);
  const drawn = await picture(page, "Finished submissions");
  const ids = await load(7);
  const finished = before + ids.length;
  await panel(page, "Finished submissions").getByText(`${finished} finished,`).waitFor();
  await page.waitForFunction((drawn) => {
    const canvas = document.querySelector(".chart canvas") as HTMLCanvasElement;
    return canvas.toDataURL() !== drawn;
  }, drawn);

  for (const title of ["Finished submissions", "Run time", "Waiting and running", "Memory"]) {
    await panel(page, title).getByRole("button", { name: `${title}: show as a table` }).click();
  }
  const ok = sum(await column(page, "Finished submissions", "ok"));
  const others = sum(await column(page, "Finished submissions", "other verdicts"));
  const told = (await history()).total;
  assert.deepEqual([ok, others], [told.verdicts.ok, told.finished - told.verdicts.ok!]);
  assert.equal(ok + others, finished);
  const p95 = (await column(page, "Run time", "p95")).filter((text) => text !== "–");
  assert.ok(p95.length > 0 && p95.every((text) => /^[\d.,]+ (ms|s)$/.test(text)), String(p95));
  assert.ok((await column(page, "Memory", "server")).some((text) => text.endsWith("MiB")));
  assert.equal(await panel(page, "Finished submissions").locator("canvas").isVisible(), false);

  const listed = (await column(page, "Last submissions", "Submission")).slice(0, ids.length);
  assert.deepEqual(listed.sort(), ids.sort());
  assert.equal((await column(page, "Last submissions", "Verdict")).filter((verdict) => verdict === "runtime error").length, 1);
  assert.deepEqual(await column(page, "Verdicts by language", "Finished"), [String(finished)]);
  assert.deepEqual(await column(page, "Keys and what they used", "Today"), [String(finished)]);
  assert.ok((await column(page, "Languages", "State")).includes("available"));
  assert.ok(!(await page.content()).includes(SECRET));
  await page.close();
});

test("a key that is wrong or may not is told so, and the right one opens the page", async () => {
  const request = { method: "POST", body: JSON.stringify({ name: "school-a" }), headers: { "content-type": "application/json" } };
  const made = (await (await site.server.fetch("/keys", request)).json()) as { secret: string };
  const page = await site.open("/dashboard", { key: false, expected: /status of 40[13]/ });
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  for (const [entered, told] of [["no-such-key", "does not know this key"], [made.secret, "lacks the scope admin"]] as const) {
    await dialog.getByLabel("Key", { exact: true }).fill(entered);
    await dialog.getByRole("button", { name: "Use this key" }).click();
    await dialog.getByRole("alert").getByText(told).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Charts" }).isVisible(), false);
  }
  await dialog.getByLabel("Key", { exact: true }).fill(site.server.key);
  await page.keyboard.press("Enter");
  await isUp(page);
  assert.equal(await dialog.isVisible(), false);
  await page.getByRole("heading", { name: "Charts" }).waitFor();
  await page.close();
});

test("a server that is gone is told as down, with since when, and what was shown stays", async () => {
  const server = await startServer();
  const page = await open({ ...site, server }, "/dashboard", { expected: /ERR_CONNECTION|ERR_EMPTY_RESPONSE|status of 503/ });
  await isUp(page);
  await server.stop();
  await page.locator(".state[data-state=down]", { hasText: /down since \d\d:\d\d:\d\d.*What is shown is of \d\d:\d\d:\d\d/ }).waitFor();
  assert.ok(await page.getByRole("heading", { name: "Charts" }).isVisible());
  await page.close();
});

test("the page asks only while it is seen, and again as soon as it is", async () => {
  const page = await site.open("/dashboard");
  await page.clock.install();
  await page.reload();
  await isUp(page);
  let asked = 0;
  page.on("request", (request) => (asked += Number(request.url().endsWith("/stats"))));
  const see = (state: string) => page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await see("hidden");
  await page.clock.runFor(60_000);
  assert.equal(asked, 0);
  const answer = page.waitForResponse((response) => response.url().endsWith("/stats"));
  await see("visible");
  await answer;
  assert.equal(asked, 1);
  await page.close();
});

test("the keyboard alone changes the range and opens a table", async () => {
  const page = await site.open("/dashboard");
  await isUp(page);
  await page.getByRole("radio", { name: "15 minutes" }).focus();
  const asked = page.waitForResponse((response) => response.url().endsWith("range=24h"));
  await page.keyboard.press("ArrowRight");
  assert.equal((await asked).status(), 200);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const rows = panel(page, "Finished submissions").locator("tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), 288);
  await page.close();
});

for (const theme of ["light", "dark"] as const) {
  for (const phone of [false, true]) {
    test(`the dashboard is accessible, ${theme}${phone ? ", on a phone" : ""}`, async () => {
      await load(1);
      const page = await site.open("/dashboard", { theme, phone });
      await isUp(page);
      await assertAccessible(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it is no wider than the screen");
      for (const button of await page.getByRole("button", { name: "show as a table" }).all()) await button.click();
      await assertAccessible(page);
      await page.getByRole("button", { name: "Key", exact: true }).click();
      await page.getByRole("dialog").waitFor();
      await assertAccessible(page);
      await page.close();
    });
  }
}

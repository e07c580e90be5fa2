/// The educational platform as students and teachers use it, graded by a real Code Runner.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { assertAccessible, launch, open, type PageOptions } from "../support/browser.ts";
import { handIn, type Platform, signIn, startPlatform, write } from "../support/platform.ts";
import { type Server, startServer } from "../support/server.ts";

const RIGHT = 'return str(sum(letter in "aeiou" for letter in input_str.lower()))';
const WRONG = 'return str(sum(letter in "aeiou" for letter in input_str))';

let runner: Server;
let platform: Platform;
let browser: Browser;

before(async () => {
  runner = await startServer();
  platform = await startPlatform(runner);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await platform?.stop();
  await runner?.stop();
});

/// A page of the platform, with nobody or somebody signed in.
async function visit(path: string, account?: string, options: PageOptions = {}) {
  const page = await open({ browser, server: platform, open: () => Promise.reject(new Error("not here")) }, "/sign-in", { key: false, ...options });
  if (account) await signIn(page, platform, account);
  await page.goto(platform.address + path);
  return page;
}

test("a student solves an exercise, and sees of the hidden tests whether they are passed", async () => {
  const page = await visit("/", "ada");
  await page.getByRole("link", { name: "Count the vowels" }).click();
  await handIn(page, platform, "vowels", WRONG);
  assert.equal(await page.locator(".test").count(), 5);
  const wrong = page.locator(".test.bad");
  assert.deepEqual((await wrong.allInnerTexts()).map((text) => text.includes("wrong answer")), [true, true]);
  const shouting = page.locator(".test", { hasText: "shouting" });
  assert.match(await shouting.innerText(), /hidden\s*0 of 2/);
  assert.equal(await shouting.locator("details").count(), 0);
  for (const address of [page.url(), `${platform.address}/exercises/vowels`, `${page.url()}/state`]) {
    const answer = await page.request.get(address);
    assert.ok(answer.ok());
    assert.doesNotMatch(await answer.text(), /QUEUE UP|rhythm/);
  }
  await page.getByRole("link", { name: "Go on from this code" }).click();
  await page.locator(".editor").getByRole("textbox", { name: "Code in Python" }).waitFor();
  await handIn(page, platform, "vowels", RIGHT);
  assert.match(await page.locator("main").innerText(), /Tests: 5 of 5 passed/);
  await page.close();
});

test("a draft survives the page, and neither handing in nor signing out", async () => {
  const page = await visit("/exercises/mean?language=python", "ben");
  await write(page, "print('my draft')");
  await page.getByText("Draft kept in this browser").waitFor();
  await page.reload();
  const editor = page.locator(".editor").getByRole("textbox", { name: "Code in Python" });
  await editor.waitFor();
  assert.match(await editor.innerText(), /my draft/);
  await page.getByRole("button", { name: "Begin anew" }).click();
  assert.match(await editor.innerText(), /import sys/);
  await write(page, "print('my draft')");
  await page.getByText("Draft kept in this browser").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Account").waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await page.close();
});

test("everything works without a script", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, platform, "cleo");
  await page.goto(`${platform.address}/exercises/vowels?language=python`);
  await page.getByLabel("Code in Python").fill(WRONG);
  await page.getByRole("button", { name: "Hand in" }).click();
  // The page asks again by itself.
  await page.getByRole("heading", { name: "Tests: 3 of 5 passed" }).waitFor();
  assert.equal(await page.locator("pre.code").innerText(), WRONG);
  await context.close();
});

test("a teacher sees the class, who fails alike, and the hidden tests", async () => {
  const student = await visit("/", "ben");
  await handIn(student, platform, "vowels", `${WRONG}  # Ben`);
  await student.close();
  const page = await visit("/", "teacher");
  await page.getByRole("link", { name: "Demo class" }).click();
  assert.match(await page.getByRole("row", { name: /Ada/ }).innerText(), /7 of 7/);
  await page.getByRole("link", { name: "Count the vowels" }).click();
  const group = page.locator(".group");
  assert.equal(await group.count(), 1);
  assert.match(await group.innerText(), /2 students/);
  await group.getByRole("link", { name: "Ben" }).click();
  assert.match(await page.locator(".test", { hasText: "shouting" }).innerText(), /QUEUE UP/);
  await page.close();
});

test("every page is accessible, in light and dark, wide and on a phone", async () => {
  for (const theme of ["light", "dark"] as const) {
    for (const phone of [false, true]) {
      const page = await visit("/sign-in", undefined, { theme, phone });
      await assertAccessible(page);
      await page.goto(`${platform.address}/demo`);
      await assertAccessible(page);
      await signIn(page, platform, "ada");
      const attempt = await latest(page);
      for (const path of ["/", "/exercises/vowels", "/exercises/mean", attempt, "/password"]) await look(page, path);
      await page.close();
      const teacher = await visit("/", "teacher", { theme, phone });
      for (const path of ["/", "/classes/1", "/classes/1/exercises/vowels", "/students/2", attempt]) await look(teacher, path);
      await teacher.close();
    }
  }
});

/// The path of the latest attempt of whoever is signed in.
async function latest(page: import("playwright-core").Page): Promise<string> {
  await page.goto(`${platform.address}/exercises/vowels`);
  return (await page.locator("td a").first().getAttribute("href"))!;
}

async function look(page: import("playwright-core").Page, path: string): Promise<void> {
  await page.goto(platform.address + path);
  if (path.startsWith("/exercises/")) await page.locator(".editor").waitFor();
  await assertAccessible(page);
  const { wide, window } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, window: innerWidth }));
  assert.ok(wide <= window, `${path} is ${wide} pixels wide in a window of ${window}`);
}

/// The playground, used as a person uses it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { assertAccessible, type PageOptions, useSite } from "../support/browser.ts";

const site = useSite({
  // Only a cancellation ends what is held open here.
  CODE_RUNNER_MAX_WALL_TIME_MS: "600000",
  CODE_RUNNER_MAX_CPU_TIME_MS: "600000",
  CODE_RUNNER_MAX_INPUT_BYTES: "100000",
});

const SQUARE = "return str(int(input_str) ** 2)";
const HELD = "import time\nif input_str == 'held':\n    time.sleep(3600)\nreturn input_str + '!'";

/// The playground, when the languages of the server are there.
async function playground(options: PageOptions = {}, fragment = ""): Promise<Page> {
  const page = await site.open(`/${fragment}`, options);
  await page.locator("html[data-ready]").waitFor();
  return page;
}

async function write(page: Page, code: string): Promise<void> {
  const editor = page.locator(".cm-content");
  await editor.focus();
  await page.keyboard.press("ControlOrMeta+a");
  // As if pasted: what the editor closes and indents by itself is not what is tried here.
  await page.keyboard.insertText(code);
}

async function inputs(page: Page, ...cases: [input: string, expected?: string][]): Promise<void> {
  const rows = page.locator(".cases li");
  while ((await rows.count()) < cases.length) await page.getByRole("button", { name: "Add an input" }).click();
  while ((await rows.count()) > cases.length) await rows.last().getByRole("button", { name: /Remove/ }).click();
  for (const [index, [input, expected = ""]] of cases.entries()) {
    await page.getByLabel(`Input ${index + 1}`, { exact: true }).fill(input);
    await page.getByLabel(`Expected answer of input ${index + 1}`).fill(expected);
  }
}

const code = (page: Page) => page.locator(".cm-content").innerText();
const told = (page: Page) => page.locator(".told");
const result = (page: Page, index: number) => page.locator(".results > li").nth(index);
const runs = (page: Page) => page.getByRole("button", { name: "Run", exact: true }).click();
const isDone = (page: Page) => told(page).getByText(/^Done/).waitFor();

test("code is run on two inputs, and each result is shown", async () => {
  const page = await playground();
  await write(page, SQUARE);
  await inputs(page, ["4"], ["x"]);
  await runs(page);
  await isDone(page);
  assert.match(await result(page, 0).innerText(), /OK[^]*Output\s*16/);
  assert.match(await result(page, 1).innerText(), /Failed while running[^]*ValueError/);
  assert.match(await told(page).innerText(), /1 × OK, 1 × Failed while running/);
  await page.locator(".id a").click();
  const raw = JSON.parse(await page.locator("dialog[open] pre").innerText());
  assert.equal(raw.results[0].output, "16");
  await page.close();
});

test("an error marks its line, and leads there", async () => {
  const page = await playground();
  await write(page, "number = int(input_str)\nif number > 3:\n    return missing\nreturn ''");
  await inputs(page, ["4"]);
  await runs(page);
  await isDone(page);
  await page.locator(".cm-lint-marker-error").waitFor();
  await page.getByRole("button", { name: /^Line 3/ }).first().press("Enter");
  assert.equal(await page.locator(".cm-activeLine").innerText(), "    return missing");
  assert.ok(await page.evaluate(() => document.activeElement?.id === "code"), "the editor has the focus");
  await page.close();
});

test("a compiler's message marks its line", async () => {
  const page = await playground();
  await page.getByLabel("Language").selectOption("c");
  await page.getByLabel("Program").check();
  await write(page, "int main(void) {\n    return missing;\n}\n");
  await inputs(page, [""]);
  await runs(page);
  await isDone(page);
  assert.match(await page.locator(".compile").innerText(), /Does not compile[^]*missing/);
  await page.getByRole("button", { name: /^Line 2/ }).first().click();
  assert.equal(await page.locator(".cm-activeLine").innerText(), "    return missing;");
  await page.close();
});

test("a result is there before the submission is done, and what is held can be cancelled", async () => {
  const page = await playground();
  await write(page, HELD);
  await inputs(page, ["quick"], ["held"]);
  await runs(page);
  // Nothing but the cancellation below ends the second.
  await result(page, 0).getByText("OK", { exact: true }).waitFor();
  assert.match(await result(page, 0).innerText(), /quick!/);
  assert.match(await result(page, 1).innerText(), /Waiting/);
  assert.match(await told(page).innerText(), /1 of 2 done/);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await isDone(page);
  assert.match(await result(page, 1).innerText(), /Cancelled/);
  assert.match(await result(page, 0).innerText(), /OK/);
  assert.ok(await page.getByRole("button", { name: "Cancel", exact: true }).isDisabled());
  await page.close();
});

test("where no stream gets through, the result is polled for", async () => {
  const page = await playground({ expected: /Failed to load resource|ERR_FAILED/ });
  let streams = 0;
  await page.route("**/events", (route) => {
    streams++;
    return route.abort();
  });
  await write(page, SQUARE);
  await inputs(page, ["5"]);
  await runs(page);
  await isDone(page);
  assert.match(await result(page, 0).innerText(), /25/);
  assert.ok(streams > 0, "a stream was tried");
  await page.close();
});

test("each language and mode keeps its code, also when the page is loaded again", async () => {
  const page = await playground();
  await write(page, "return 'mine'");
  await page.getByLabel("Language").selectOption("javascript");
  await page.waitForFunction(() => !document.querySelector("#code")?.shadowRoot?.textContent?.includes("mine"));
  await write(page, "return `yours`;");
  await page.getByLabel("Program").check();
  await page.waitForFunction(() => !document.querySelector("#code")?.shadowRoot?.textContent?.includes("yours"));
  await page.getByLabel("Language").selectOption("python");
  await page.locator(".cm-content").getByText("mine").waitFor();
  await page.getByLabel("Language").selectOption("javascript");
  await page.getByLabel("Function").check();
  await page.locator(".cm-content").getByText("yours").waitFor();
  await page.reload();
  await page.locator("html[data-ready]").waitFor();
  assert.equal(await code(page), "return `yours`;");
  assert.equal(await page.getByLabel("Language").inputValue(), "javascript");
  await page.close();
});

test("languages that are not installed are there with the reason, and can not be chosen", async () => {
  const page = await playground();
  const { languages } = await (await site.server.fetch("/languages")).json();
  const options = await page.locator("#language option").evaluateAll((all) =>
    all.map((option) => [(option as HTMLOptionElement).value, (option as HTMLOptionElement).disabled, option.textContent]));
  assert.equal(options.length, languages.length);
  for (const { id, name, available, reason } of languages) {
    const [, disabled, text] = options.find(([value]) => value === id)!;
    assert.equal(disabled, !available, id);
    assert.equal(text, available ? name : `${name} – ${reason}`);
  }
  await page.close();
});

test("what a program writes stays text", async () => {
  const page = await playground();
  const evil = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><b>bold</b>";
  await write(page, `import sys\nprint(${JSON.stringify(evil)})\nprint(${JSON.stringify(evil)}, file=sys.stderr)\nraise ValueError(${JSON.stringify(evil)}) if input_str == 'x' else SystemExit(0)\nreturn ''`);
  await inputs(page, ["x"], [evil]);
  await runs(page);
  await isDone(page);
  await write(page, `return ${JSON.stringify(evil)}`);
  await runs(page);
  await result(page, 1).getByText("OK", { exact: true }).waitFor();
  await isDone(page);
  assert.ok((await result(page, 0).innerText()).includes(evil));
  assert.equal(await page.title(), "Code Runner playground");
  assert.equal(await page.locator("main img, main script, main b").count(), 0);
  await page.close();
});

test("a long output is cut in view, shown on demand and can be saved", async () => {
  const page = await playground();
  await write(page, "return '0123456789' * 50000 if input_str == 'long' else 'line\\n' * 5000");
  await inputs(page, ["long"], ["lines"]);
  await runs(page);
  await isDone(page);
  const row = result(page, 0);
  assert.match(await row.innerText(), /The first 10,000 of [\d,]+ characters/);
  assert.equal((await row.locator(".text pre").innerText()).length, 10_000);
  assert.match(await result(page, 1).innerText(), /The first 1,500 of 25,000 characters/);
  const [saved] = await Promise.all([page.waitForEvent("download"), row.getByRole("button", { name: "Download" }).click()]);
  assert.equal(saved.suggestedFilename(), "output-1.txt");
  await row.getByRole("button", { name: "Show all" }).click();
  assert.ok((await row.locator(".text pre").evaluate((pre) => pre.textContent!.length)) > 60_000);
  await page.close();
});

test("a link brings code, inputs and mode, and runs nothing", async () => {
  const page = await playground();
  await page.getByLabel("Program").check();
  await page.locator(".cm-content").getByText("sys").first().waitFor();
  await write(page, "print('from a link: 🎉')");
  await inputs(page, ["a\nb", "c"], ["second"]);
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.locator("dialog[open] pre").innerText();
  await page.close();

  const { hash } = new URL(link);
  const asked: string[] = [];
  const other = await playground({}, hash);
  other.on("request", (request) => asked.push(request.url()));
  assert.equal(await code(other), "print('from a link: 🎉')");
  assert.ok(await other.getByLabel("Program").isChecked());
  assert.equal(await other.getByLabel("Input 1", { exact: true }).inputValue(), "a\nb");
  assert.equal(await other.getByLabel("Expected answer of input 1").inputValue(), "c");
  assert.equal(await other.locator(".results > li").count(), 0);
  assert.deepEqual(asked.filter((url) => url.endsWith("/run")), []);
  await other.getByRole("button", { name: "Back to my own" }).click();
  await other.locator(".cm-content").getByText("sum(int").waitFor();
  await other.close();

  const bad = await playground({}, hash.slice(0, -20));
  assert.match(await bad.locator(".notices").innerText(), /damaged/);
  await bad.close();
});

test("the key is asked for, a wrong one again, and it is kept for the tab alone", async () => {
  const page = await site.open("/", { key: false, expected: /401/ });
  const field = page.getByLabel("Key", { exact: true });
  await field.fill("wrong");
  await page.getByRole("button", { name: "Use this key" }).click();
  await page.getByText("The server does not know this key.").waitFor();
  await assertAccessible(page);
  await field.fill(site.server.key);
  await page.getByRole("button", { name: "Use this key" }).click();
  await page.locator(".version").getByText("Python 3").waitFor();
  const kept = () => page.evaluate(() => [sessionStorage.getItem("api-key"), localStorage.getItem("api-key")]);
  assert.deepEqual(await kept(), [site.server.key, null]);
  await page.getByRole("button", { name: "API key" }).click();
  await page.getByLabel("Remember on this computer").check();
  await page.getByRole("button", { name: "Use this key" }).click();
  assert.deepEqual(await kept(), [site.server.key, site.server.key]);
  await page.getByRole("button", { name: "API key" }).click();
  await page.getByRole("button", { name: "Forget the key" }).click();
  assert.deepEqual(await kept(), [null, null]);
  await page.close();
});

test("what the server refuses is said with its field, and leads there", async () => {
  const page = await playground({ expected: /422/ });
  await write(page, SQUARE);
  // The page knows no bound for an input.
  await inputs(page, ["1"], ["x".repeat(100_001)]);
  await runs(page);
  await page.locator(".notices .bad").waitFor();
  assert.match(await page.locator(".notices").innerText(), /inputs\[1\]/);
  await page.getByRole("button", { name: "Go there" }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Input 2");
  await page.close();
});

test("with expected answers outputs are checked, and a wrong one shows where", async () => {
  const page = await playground();
  await write(page, "return 'one\\ntwo\\tthree' if input_str == 'lines' else str(int(input_str) ** 2)");
  await inputs(page, ["4", "16"], ["lines", "one\ntwo three"]);
  await runs(page);
  await isDone(page);
  assert.match(await told(page).innerText(), /1 of 2 right, 1 of 2 points/);
  assert.match(await result(page, 0).innerText(), /Right/);
  const diff = result(page, 1).locator(".diff");
  assert.match(await result(page, 1).innerText(), /Wrong answer/);
  assert.deepEqual(await diff.locator(".missing mark").allInnerTexts(), ["·"]);
  assert.deepEqual(await diff.locator(".extra mark").allInnerTexts(), ["→"]);
  await assertAccessible(page);
  // The same by words is right.
  await page.getByText("Checker and limits").click();
  await page.getByLabel(/^How outputs are compared/).selectOption("tokens");
  await runs(page);
  await told(page).getByText("2 of 2 right").waitFor();
  await page.close();
});

test("a limit above the server's is refused on the page, and one below it is applied", async () => {
  const page = await playground();
  await page.getByText("Checker and limits").click();
  const most = page.getByLabel("Processes");
  await most.fill("1000000");
  await runs(page);
  assert.match(await page.locator(".notices").innerText(), /Processes has to be a whole number from 1 to/);
  await most.fill("");
  await page.getByLabel("CPU time (ms)").fill("200");
  await write(page, "while True:\n    pass");
  await inputs(page, ["1"]);
  await runs(page);
  await isDone(page);
  assert.match(await result(page, 0).innerText(), /Took too long/);
  await page.close();
});

test("everything can be done with the keyboard alone", async () => {
  const page = await playground();
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await press("Tab", "Enter"); // the link that leads to the code
  await press("ControlOrMeta+a");
  await page.keyboard.insertText("return input_str * 2");
  await press("Escape", "Tab"); // out of the editor, to "Add an input"
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Add an input");
  await press("Tab", "ControlOrMeta+a");
  await page.keyboard.type("ab");
  await press("Alt+ArrowDown"); // now the second
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Input 2");
  await press("ControlOrMeta+Enter");
  await isDone(page);
  assert.match(await result(page, 1).innerText(), /abab/);
  // From the editor as well.
  await page.locator(".cm-content").focus();
  await press("ControlOrMeta+Enter");
  await page.getByRole("button", { name: "Running …" }).or(told(page).getByText(/^Done/)).first().waitFor();
  await page.close();
});

test("the request is shown as programs without the key", async () => {
  const page = await playground();
  await page.getByRole("button", { name: "As a program" }).click();
  for (const [name, word] of [["curl", "curl"], ["Python", "urllib"], ["JavaScript", "fetch"]] as const) {
    await page.getByLabel(name, { exact: true }).check();
    const text = await page.locator("dialog[open] pre").innerText();
    assert.ok(text.includes(word) && text.includes("API_KEY") && !text.includes(site.server.key), text);
  }
  await assertAccessible(page);
  await page.close();
});

test("the example comes back, and can be undone", async () => {
  const page = await playground();
  await write(page, "return 'precious'");
  await page.getByRole("button", { name: "Reset" }).click();
  await page.locator(".cm-content").getByText("** 2").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await code(page), "return 'precious'");
  await page.close();
});

for (const look of [{ theme: "light" }, { theme: "dark" }, { theme: "dark", phone: true }] as const) {
  test(`with results it is accessible and fits: ${JSON.stringify(look)}`, async () => {
    const page = await playground(look);
    await write(page, "import sys\nprint('seen')\nprint('noted', file=sys.stderr)\nreturn str(int(input_str) ** 2)");
    await inputs(page, ["4"], ["x"]);
    await runs(page);
    await isDone(page);
    await page.getByText("Checker and limits").click();
    await assertAccessible(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, "nothing sticks out");
    await page.close();
  });
}

test("the chosen theme is there before anything is painted, and stays", async () => {
  const page = await playground({ theme: "light" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByLabel("Theme").selectOption("dark");
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await background(), dark);
  await page.getByLabel("Theme").selectOption("system");
  assert.equal(await background(), light);
  await page.close();
});

/// The playground.

import type { Page } from "playwright-core";
import type { Shot } from "./all.ts";

const CODE = `number = int(input_str)
if number < 0:
    print("negative:", number)
return str(number ** 2)`;

async function fill(page: Page, code: string, inputs: string[]): Promise<void> {
  await page.locator("html[data-ready]").waitFor();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(code);
  while ((await page.locator(".cases li").count()) < inputs.length) await page.getByRole("button", { name: "Add an input" }).click();
  for (const [index, input] of inputs.entries()) await page.getByLabel(`Input ${index + 1}`, { exact: true }).fill(input);
}

async function run(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.locator(".told").getByText(/^Done/).waitFor();
}

/// On a phone the results are below everything else.
async function toResults(page: Page): Promise<void> {
  if (page.viewportSize()!.width < 600) await page.locator(".results").evaluate((list) => list.parentElement!.scrollIntoView());
}

export const playground: Shot[] = [
  { name: "playground", path: "/", prepare: (page) => page.locator("html[data-ready]").waitFor() },
  {
    name: "playground-results",
    path: "/",
    prepare: async (page) => {
      await fill(page, CODE, ["4", "-12", "x"]);
      await run(page);
      await toResults(page);
    },
  },
  {
    name: "playground-tests",
    path: "/",
    prepare: async (page) => {
      await fill(page, 'total = sum(int(number) for number in input_str.split())\nreturn f"{total}\\taltogether"', ["1 2 3", "10 -4"]);
      await page.getByLabel("Expected answer of input 1").fill("6 altogether");
      await page.getByLabel("Expected answer of input 2").fill("6\taltogether");
      await run(page);
      await toResults(page);
    },
  },
  {
    name: "playground-compile-error",
    path: "/",
    prepare: async (page) => {
      await page.locator("html[data-ready]").waitFor();
      await page.getByLabel("Language").selectOption("c");
      await page.getByLabel("Program").check();
      await page.locator(".cm-content").getByText("scanf").waitFor();
      await fill(page, '#include <stdio.h>\n\nint main(void) {\n    int sum = 0\n    printf("%d\\n", sum + missing);\n}', ["1"]);
      await run(page);
      await toResults(page);
    },
  },
  {
    name: "playground-client",
    path: "/",
    prepare: async (page) => {
      await fill(page, CODE, ["4", "-12"]);
      await page.getByRole("button", { name: "As a program" }).click();
      await page.getByLabel("Python", { exact: true }).check();
    },
  },
];

/// Every page: it loads under its content policy, and is accessible.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, useSite } from "../support/browser.ts";

const site = useSite();

for (const path of ["/", "/dashboard"]) {
  for (const theme of ["light", "dark"] as const) {
    test(`${path} loads and is accessible, ${theme}`, async () => {
      const page = await site.open(path, { theme });
      assert.match(await page.locator("h1").innerText(), /Code Runner/);
      await assertAccessible(page);
      await page.close();
    });
  }
}

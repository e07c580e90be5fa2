/// Takes the pictures; see scripts/screenshots.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, open, type Site } from "../tests/support/browser.ts";
import { ROOT, startServer } from "../tests/support/server.ts";
import { ALL } from "./all.ts";

const FOLDER = join(ROOT, "docs/images");
const LOOKS = {
  light: { theme: "light", phone: false },
  dark: { theme: "dark", phone: false },
  phone: { theme: "light", phone: true },
  "phone-dark": { theme: "dark", phone: true },
} as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !ALL.some((shot) => shot.name === name));
if (unknown.length > 0) throw new Error(`no such picture: ${unknown.join(", ")}; there are ${ALL.map((shot) => shot.name).join(", ")}`);

await mkdir(FOLDER, { recursive: true });
const site = { server: await startServer(), browser: await launch() } as Site;
site.open = (path, options) => open(site, path, options);
try {
  for (const { name, path, prepare } of ALL) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const [look, options] of Object.entries(LOOKS)) {
      const page = await site.open(path, options);
      await prepare?.(page, site);
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: "disabled", caret: "hide" });
      await page.close();
      console.log(`docs/images/${name}-${look}.png`);
    }
  }
} finally {
  await site.browser.close();
  await site.server.stop();
}

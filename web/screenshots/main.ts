/// Takes the pictures; see scripts/screenshots.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, open, type Site } from "../tests/support/browser.ts";
import { startPlatform } from "../tests/support/platform.ts";
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
const school: Site = {
  server: await startPlatform(site.server),
  browser: site.browser,
  open: (path, options) => open(school, path, { ...options, key: false }),
};
try {
  for (const { name, path, platform, prepare } of ALL) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const place = platform ? school : site;
    for (const [look, options] of Object.entries(LOOKS)) {
      const page = await place.open(path, options);
      await prepare?.(page, place);
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: "disabled", caret: "hide" });
      await page.close();
      console.log(`docs/images/${name}-${look}.png`);
    }
  }
} finally {
  await site.browser.close();
  await school.server.stop();
  await site.server.stop();
}

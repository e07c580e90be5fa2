/// The operator's dashboard, after a minute with something to do.

import type { Shot } from "./all.ts";
import { until } from "../tests/support/server.ts";
import type { Site } from "../tests/support/browser.ts";

/// Milliseconds for which submissions are sent before the first picture.
const LOAD = 60_000;
const PROGRAMS = [
  { code: "return str(int(input_str) ** 2)", inputs: ["3", "4"] },
  { code: "return str(sum(range(int(input_str))))", inputs: ["100000", "1000000"] },
  { code: "return str(1 // int(input_str))", inputs: ["1", "0"] },
  { code: "while True: pass", inputs: ["1"], limits: { cpu_time_ms: 200 } },
  { code: "read x; echo $((x * 2))", inputs: ["21"], language: "bash", mode: "program" },
];
let loaded = false;

async function load({ server }: Site): Promise<void> {
  if (loaded) return;
  loaded = true;
  const post = (path: string, body: unknown) =>
    server.fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  await post("/keys", { name: "school-a", limits: { cpu_seconds_per_day: 3600 } });
  const begin = Date.now();
  for (let sent = 0; Date.now() - begin < LOAD; sent++) {
    // Now many at once, now one after the other.
    const many = 1 + Math.round(8 * Math.abs(Math.sin(sent / 6)));
    const answers = await Promise.all(Array.from({ length: many }, (_, one) => post("/run", PROGRAMS[(sent + one) % PROGRAMS.length])));
    const last = answers.at(-1)!.headers.get("location")!;
    await until("the last is done", async () => (await server.fetch(`${last}?wait=20`)).status === 200);
  }
}

export const dashboard: Shot[] = [
  {
    name: "dashboard",
    path: "/dashboard",
    prepare: async (page, site) => {
      await load(site);
      await page.reload();
      await page.locator(".state[data-state=ok]").waitFor();
    },
  },
];

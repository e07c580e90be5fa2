/// What the first visit of the playground costs: bytes on the wire, and the time until it can be used. For
/// docs/playground.md; nothing fails here but what does not work.
///
///     scripts/with-node node --import ./tests/support/typescript.mjs tests/measure.ts      (in web/)

import type { Browser } from "playwright-core";
import { launch } from "./support/browser.ts";
import { startServer } from "./support/server.ts";

const VISITS = 9;
/// A phone of the middle class on a slow mobile network, as Lighthouse simulates it.
const SLOW = { latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, slowdown: 4 };

interface Visit {
  requests: number;
  bytes: number;
  painted: number;
  usable: number;
  ready: number;
}

async function visit(browser: Browser, address: string, key: string, slow: boolean, again: boolean): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript((value) => sessionStorage.setItem("api-key", value), key);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  if (slow) {
    const { slowdown, ...network } = SLOW;
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...network });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  }
  const load = async () => {
    await page.goto(address);
    await page.locator("html[data-ready]").waitFor({ timeout: 60_000 });
  };
  if (again) await load();
  let [requests, bytes] = [0, 0];
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    requests++;
    bytes += encodedDataLength;
  });
  await load();
  const marks = await page.evaluate(() => {
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    return { painted: at("first-contentful-paint"), usable: at("usable"), ready: at("ready") };
  });
  await context.close();
  return { requests, bytes, ...marks };
}

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

const server = await startServer();
const browser = await launch();
try {
  console.log("visit                          requests   kB on the wire   painted   usable    languages there");
  for (const [name, slow, again] of [
    ["first, this machine", false, false],
    ["second, this machine", false, true],
    ["first, slow phone", true, false],
    ["second, slow phone", true, true],
  ] as const) {
    const visits: Visit[] = [];
    for (let number = 0; number < VISITS; number++) visits.push(await visit(browser, `${server.address}/`, server.key, slow, again));
    const of = (field: keyof Visit) => median(visits.map((one) => one[field]));
    const ms = (field: keyof Visit) => `${Math.round(of(field))} ms`.padEnd(10);
    console.log(`${name.padEnd(30)} ${String(of("requests")).padEnd(10)} ${(of("bytes") / 1000).toFixed(1).padEnd(16)} ${ms("painted")}${ms("usable")}${ms("ready")}`);
  }
} finally {
  await browser.close();
  await server.stop();
}

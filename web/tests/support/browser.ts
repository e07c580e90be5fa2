/// A real, headless Chromium and its pages.
///
/// A page may ask its own server alone; one that logs an error, or asks another host, fails the test that closes it.

import assert from "node:assert/strict";
import { accessSync } from "node:fs";
import { after, before } from "node:test";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Server, startServer } from "./server.ts";

export interface PageOptions {
  theme?: "light" | "dark";
  /// A phone: 390 pixels wide, with touch.
  phone?: boolean;
  /// Whether the page has the key of the server, as if somebody had entered it. True by default.
  key?: boolean;
  /// Errors in the console that the test itself provokes.
  expected?: RegExp;
}

export interface Site {
  server: Server;
  browser: Browser;
  /// Opens a path of the server in a profile of its own.
  open(path: string, options?: PageOptions): Promise<Page>;
}

/// A server and a browser for all tests of a file, which end with them.
export function useSite(settings: Record<string, string> = {}): Site {
  const site = { open: (path, options) => open(site, path, options) } as Site;
  before(async () => {
    site.server = await startServer(settings);
    site.browser = await launch();
  });
  after(async () => {
    await site.browser?.close();
    await site.server?.stop();
  });
  return site;
}

/// Chromium as it is installed here.
export function launch(): Promise<Browser> {
  const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  });
  const executablePath = process.env["CHROMIUM"] ?? found;
  if (!executablePath) throw new Error("no Chromium here; on Debian: apt-get install chromium");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--no-proxy-server",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Were a page of ours to need another host, it would fail here and not only on a closed network.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/// Opens a path of the site in a profile of its own.
export async function open({ browser, server }: Site, path: string, options: PageOptions = {}): Promise<Page> {
  const { theme = "light", phone = false, key = true, expected } = options;
  const context = await browser.newContext({
    colorScheme: theme,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    hasTouch: phone,
    isMobile: phone,
    reducedMotion: "reduce",
  });
  if (key) await context.addInitScript((value) => sessionStorage.setItem("api-key", value), server.key);
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    const text = `${message.text()} (${message.location().url})`;
    if (message.type() === "error" && !expected?.test(text)) wrong.push(text);
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.address && protocol.startsWith("http")) wrong.push(`asked ${request.url()}`);
  });
  await page.goto(server.address + path);
  const close = page.close.bind(page);
  page.close = async () => {
    await close();
    await context.close();
    assert.deepEqual(wrong, [], "errors of the page");
  };
  return page;
}

/// Demands that axe finds nothing wrong with what the page shows now: WCAG 2.2 A and AA, and what is good practice.
export async function assertAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    return axe.run(document, { resultTypes: ["violations"] });
  });
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.target.join(" ")}\n${node.failureSummary}`));
  assert.deepEqual(found, [], "axe");
}

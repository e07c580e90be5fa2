/// A real educational platform beside a real Code Runner, with the class of the demonstration.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ROOT, type Server, until } from "./server.ts";

const BINARY = join(ROOT, "target/x86_64-unknown-linux-gnu/debug/code-runner");

export interface Platform extends Server {
  /// The passwords of the demonstration, by account.
  readonly passwords: ReadonlyMap<string, string>;
}

/// Starts a platform that has `runner` grade, with the exercises of the repository.
export async function startPlatform(runner: Server): Promise<Platform> {
  const folder = await mkdtemp(join(tmpdir(), "code-runner-platform-"));
  const listen = `127.0.0.1:${await freePort()}`;
  const log = createWriteStream(join(folder, "platform.log"));
  const child = spawn(BINARY, ["platform", "serve"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PLATFORM_API_KEY: runner.key,
      PLATFORM_CODE_RUNNER: runner.address,
      PLATFORM_DATA_DIR: join(folder, "data"),
      PLATFORM_DEMO: "true",
      PLATFORM_EXERCISES: join(ROOT, "exercises"),
      PLATFORM_LISTEN: listen,
    },
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const address = `http://${listen}`;
  try {
    await until("the platform answers", async () => {
      if (child.exitCode !== null) throw new Error(`the platform ended: ${await readFile(join(folder, "platform.log"), "utf8")}`);
      return (await fetch(`${address}/health`).catch(() => null))?.ok ?? false;
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const accounts = JSON.parse(await readFile(join(folder, "data/demo.json"), "utf8")) as { account: string; password: string }[];
  const passwords = new Map(accounts.map(({ account, password }) => [account, password]));
  return { address, key: "", fetch: (path, init) => fetch(address + path, init), stop, passwords };
}

/// Signs in on the page that is open.
export async function signIn(page: Page, platform: Platform, account: string): Promise<void> {
  await page.goto(`${platform.address}/sign-in`);
  await page.getByLabel("Account").fill(account);
  await page.getByLabel("Password").fill(platform.passwords.get(account)!);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/// Hands code in and waits until it is graded.
export async function handIn(page: Page, platform: Platform, exercise: string, code: string): Promise<void> {
  await page.goto(`${platform.address}/exercises/${exercise}?language=python`);
  await write(page, code);
  await page.getByRole("button", { name: "Hand in" }).click();
  await page.getByRole("heading", { name: /^Tests: / }).waitFor();
}

/// Replaces what is in the editor.
export async function write(page: Page, code: string): Promise<void> {
  // Until it is loaded there is the text field that it replaces.
  const editor = page.locator(".editor").getByRole("textbox", { name: "Code in Python" });
  await editor.click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(code);
}

/// A port that was free a moment ago.
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/// A real `code-runner serve` for tests and pictures: the debug binary, with folders, port and key of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");
const BINARY = join(ROOT, "target/x86_64-unknown-linux-gnu/debug/code-runner");

/// Milliseconds that it may take to start, and to end.
const START = 60_000;
const END = 30_000;

export interface Server {
  /// `http://127.0.0.1:PORT`
  readonly address: string;
  readonly key: string;
  /// A request with the key.
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /// Ends it and removes its folders.
  stop(): Promise<void>;
}

/// Starts a server and waits until it is healthy. `settings` are variables of its environment.
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "code-runner-web-"));
  const key = randomBytes(16).toString("hex");
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(join(ROOT, "scripts/as-root"), [BINARY, "serve"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      API_TOKEN: key,
      CODE_LANGUAGE: "python",
      CODE_RUNNER_LISTEN: listen,
      CODE_RUNNER_DATA_DIR: join(folder, "data"),
      CODE_RUNNER_LOG_DIR: join(folder, "logs"),
      ...settings,
    },
  });
  const log = createWriteStream(join(folder, "server.log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  const address = `http://${listen}`;
  try {
    await until("/health answers 200", async () => {
      if (child.exitCode !== null) throw new Error(`code-runner serve ended with status ${child.exitCode}`);
      return (await fetch(`${address}/health`).catch(() => null))?.ok ?? false;
    });
  } catch (error) {
    console.error((await readFile(join(folder, "server.log"), "utf8")).slice(-4000));
    await stop();
    throw error;
  }
  const withKey = (path: string, init: RequestInit = {}) =>
    fetch(address + path, { ...init, headers: { "x-api-key": key, ...init.headers } });
  return { address, key, fetch: withKey, stop };
}

/// Waits until `look` answers with something other than false, null or undefined, and gives that.
export async function until<T>(what: string, look: () => Promise<T>, milliseconds = START): Promise<NonNullable<T>> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const answer = await look();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${milliseconds / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  const patience = setTimeout(() => child.kill("SIGKILL"), END);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(patience);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("a listener without a port");
  return address.port;
}

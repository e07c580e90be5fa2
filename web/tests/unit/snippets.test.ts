/// The programs are run: what they send has to be the request, whatever is in it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { RunRequest } from "../../src/shared/api.ts";
import { CLIENTS, type ClientName, snippet } from "../../src/playground/snippets.ts";

const REQUEST: RunRequest = {
  language: "python",
  mode: "function",
  code: `print('it''s "quoted" \\ $HOME \`id\`')\nJSON\n'''\n\tZażółć 你好 🎉 \${x} \0\u2028`,
  tests: [{ input: "4", expected: "16" }, { input: "", expected: "'" }],
  checker: "lines",
  limits: { cpu_time_ms: 500 },
};
const PROGRAMS: Record<ClientName, [program: string, file: string]> = {
  curl: ["bash", "run.sh"],
  python: ["python3", "run.py"],
  javascript: [process.execPath, "run.mjs"],
};

for (const client of Object.keys(CLIENTS) as ClientName[]) {
  test(`${client} sends the request with the key of the environment and prints the result`, async () => {
    const asked: { key: unknown; method: unknown; url: unknown; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      asked.push({ key: request.headers["x-api-key"], method: request.method, url: request.url, body });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.method === "POST" ? { exec_id: "the-id", status: "started" } : { status: "done", verdict: "ok" }));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const folder = await mkdtemp(join(tmpdir(), "code-runner-snippet-"));
    try {
      const [program, name] = PROGRAMS[client];
      const address = server.address() as { port: number };
      const file = join(folder, name);
      await writeFile(file, snippet(client, REQUEST, `http://127.0.0.1:${address.port}/`));
      const environment = { ...process.env, API_KEY: "k 'e' y", no_proxy: "127.0.0.1", NO_PROXY: "127.0.0.1" };
      const { stdout } = await promisify(execFile)(program, [file], { env: environment });
      assert.equal(JSON.parse(stdout).verdict, "ok");
      assert.deepEqual(asked.map(({ method, url, key }) => [method, url, key]), [
        ["POST", "/run", "k 'e' y"],
        ["GET", "/result/the-id?wait=30", "k 'e' y"],
      ]);
      assert.deepEqual(JSON.parse(asked[0]!.body), REQUEST);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  });
}

/// A request as a program that makes it. The key is never in it: each reads it from the variable API_KEY.

import type { RunRequest } from "../shared/api.ts";

export const CLIENTS = { curl: "curl", python: "Python", javascript: "JavaScript" } as const;
export type ClientName = keyof typeof CLIENTS;

/// A program that submits, waits and prints the result. `base` is the server, with a slash at its end.
export function snippet(client: ClientName, request: RunRequest, base: string): string {
  return WRITERS[client](request, base);
}

const WRITERS: Record<ClientName, (request: RunRequest, base: string) => string> = {
  // No line of the JSON can be the word that ends it: all begin with a brace, a bracket, a blank or a quote.
  curl: (request, base) => `id=$(curl --fail-with-body --silent --show-error ${shell(`${base}run`)} \\
  --header "x-api-key: $API_KEY" \\
  --header "content-type: application/json" \\
  --data-binary @- <<'JSON' | sed -n 's/.*"exec_id":"\\([^"]*\\)".*/\\1/p'
${JSON.stringify(request, null, 2)}
JSON
)
curl --fail-with-body --silent --show-error --header "x-api-key: $API_KEY" ${shell(`${base}result/`)}"$id?wait=30"
`,
  python: (request, base) => `import json
import os
import urllib.request

BASE = ${python(base)}
REQUEST = ${python(request)}


def call(path, body=None):
    headers = {"x-api-key": os.environ["API_KEY"], "content-type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers)) as answer:
        return json.load(answer)


exec_id = call("run", REQUEST)["exec_id"]
while (result := call(f"result/{exec_id}?wait=30"))["status"] != "done":
    pass
print(json.dumps(result, indent=2, ensure_ascii=False))
`,
  javascript: (request, base) => `// Node.js 18 or newer: node FILE.mjs
const BASE = ${JSON.stringify(base)};
const REQUEST = ${JSON.stringify(request, null, 2)};

async function call(path, body) {
  const answer = await fetch(BASE + path, {
    method: body ? "POST" : "GET",
    headers: { "x-api-key": process.env.API_KEY, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const { exec_id } = await call("run", REQUEST);
let result;
do result = await call(\`result/\${exec_id}?wait=30\`);
while (result.status !== "done");
console.log(JSON.stringify(result, null, 2));
`,
};

/// One word of a shell.
function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/// A value as Python writes it. A text in JSON is one in Python, but that Python would read half a surrogate pair as text.
function python(value: unknown, indent = ""): string {
  const inner = `${indent}    `;
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((entry) => `${inner}${python(entry, inner)},\n`).join("")}${indent}]`;
  }
  if (typeof value === "object") {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return `{\n${entries.map(([name, entry]) => `${inner}${JSON.stringify(name)}: ${python(entry, inner)},\n`).join("")}${indent}}`;
  }
  return JSON.stringify(value);
}

/// What a language begins with: the programs by which the kit tries it (`languages/kit.toml`), so that they work.

import type { Mode } from "../shared/api.ts";
import type { Draft } from "./draft.ts";

/// The square of a number as a function, the sum of numbers as a program.
const NAMES: Record<Mode, string> = { function: "square", program: "sum" };
const CASES = {
  function: [{ input: "4", expected: "" }, { input: "-12", expected: "" }],
  program: [{ input: "1\n2\n3\n", expected: "" }, { input: "10\n-4\n", expected: "" }],
};

/// The example of a language; of one that this page does not know, no code.
export async function exampleOf(language: string, mode: Mode): Promise<Draft> {
  const cases = CASES[mode].map((entry) => ({ ...entry }));
  return { code: await codeOf(language, mode), cases, checker: "lines", limits: {} };
}

async function codeOf(language: string, mode: Mode): Promise<string> {
  try {
    const { EXAMPLES } = await import("./examples-all.ts");
    const start = `/languages/${language}/examples/${NAMES[mode]}.`;
    return Object.entries(EXAMPLES).find(([path]) => path.includes(start))?.[1].trimEnd() ?? "";
  } catch {
    return ""; // An example is no reason not to begin.
  }
}

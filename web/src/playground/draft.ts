/// What somebody is working on: code, inputs and how they are checked; one for each language and mode, kept in the browser.

import type { Checker, Limits, Mode, RunRequest } from "../shared/api.ts";
import { keep, recall } from "../shared/storage.ts";

/// An input, and what is to come of it if that is known.
export interface Case {
  input: string;
  expected: string;
}

export interface Draft {
  code: string;
  cases: Case[];
  checker: Checker;
  /// What is left out is the server's.
  limits: Limits;
}

/// A draft with what it is for.
export interface Work extends Draft {
  language: string;
  mode: Mode;
}

export const CHECKERS: Record<Checker, string> = {
  lines: "Lines (white space at their ends does not count)",
  exact: "Exactly",
  tokens: "Words (white space between them does not count)",
  float: "Numbers (within 0.000001)",
  regex: "Pattern (a regular expression)",
};

export const LIMITS: Record<keyof Limits, string> = {
  cpu_time_ms: "CPU time (ms)",
  wall_time_ms: "Time on the clock (ms)",
  memory_kib: "Memory (KiB)",
  processes: "Processes",
  output_bytes: "Output kept (bytes)",
  file_bytes: "Files (bytes)",
};

/// Is any expected answer filled in?
export function isGraded({ cases }: Draft): boolean {
  return cases.some(({ expected }) => expected !== "");
}

/// The body of `POST /run`.
export function requestOf(work: Work): RunRequest {
  const { language, mode, code, cases, checker, limits } = work;
  const common = { language, mode, code, ...(Object.keys(limits).length > 0 ? { limits } : {}) };
  if (!isGraded(work)) return { ...common, inputs: cases.map(({ input }) => input) };
  return { ...common, tests: cases.map(({ input, expected }) => ({ input, expected })), checker };
}

/// The draft that is kept for a language and mode, or null.
export function recallDraft(language: string, mode: Mode): Draft | null {
  const kept = recall(`draft:${language}:${mode}`);
  if (kept === null) return null;
  try {
    return draftOf(JSON.parse(kept));
  } catch {
    return null;
  }
}

/// Keeps a draft; false if the browser could not.
export function keepDraft({ language, mode, code, cases, checker, limits }: Work): boolean {
  const kept = keep(`draft:${language}:${mode}`, JSON.stringify({ code, cases, checker, limits }));
  return keep("language", language) && keep(`mode:${language}`, mode) && kept;
}

/// Makes a draft of what was read from outside.
///
/// Throws if it is none.
export function draftOf(value: unknown): Draft {
  const { code, cases, checker, limits } = value as Record<string, unknown>;
  if (typeof code !== "string" || !Array.isArray(cases) || cases.length > 10_000) throw new Error("no draft");
  return {
    code,
    cases: cases.map((entry: unknown) => {
      const { input, expected } = entry as Record<string, unknown>;
      if (typeof input !== "string" || typeof expected !== "string") throw new Error("no case");
      return { input, expected };
    }),
    checker: typeof checker === "string" && Object.hasOwn(CHECKERS, checker) ? (checker as Checker) : "lines",
    limits: limitsOf(limits),
  };
}

function limitsOf(value: unknown): Limits {
  const limits: Limits = {};
  if (typeof value !== "object" || value === null) return limits;
  for (const name of Object.keys(LIMITS) as (keyof Limits)[]) {
    const limit = (value as Record<string, unknown>)[name];
    if (typeof limit === "number" && Number.isSafeInteger(limit) && limit > 0) limits[name] = limit;
  }
  return limits;
}

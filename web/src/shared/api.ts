/// A client of Code Runner's API, in the browser. What the fields mean is said by the OpenAPI document; all times and sizes
/// have their unit in their name.

import { events, type ServerEvent } from "./sse.ts";

export type Mode = "function" | "program";
export type Checker = "exact" | "lines" | "tokens" | "float" | "regex";
export type Verdict =
  | "ok"
  | "wrong_answer"
  | "compile_error"
  | "runtime_error"
  | "time_limit"
  | "memory_limit"
  | "output_limit"
  | "cancelled"
  | "internal_error";

/// Limits of a run; what is left out is the server's.
export interface Limits {
  cpu_time_ms?: number;
  wall_time_ms?: number;
  memory_kib?: number;
  processes?: number;
  output_bytes?: number;
  file_bytes?: number;
}

/// An input with what has to come of it.
export interface Test {
  input: string;
  expected: string;
  name?: string;
  points?: number;
  hidden?: boolean;
}

/// The body of `POST /run`: it has either `inputs` or `tests`.
export interface RunRequest {
  code: string;
  inputs?: string[];
  tests?: Test[];
  checker?: Checker | { type: Checker; ignore_case?: boolean; absolute?: number; relative?: number };
  language?: string;
  mode?: Mode;
  limits?: Limits;
}

export interface Outlook {
  /// 1 is next, 0 runs.
  queue_position?: number;
  eta_ms?: number;
}

export interface Started extends Outlook {
  exec_id: string;
  status: "started";
}

export interface Pending extends Outlook {
  status: "pending";
}

export interface Diagnostic {
  /// The first is 1.
  line: number;
  column?: number;
  severity: "error" | "warning" | "note";
  message: string;
}

export interface RunResult {
  input: string;
  output: string;
  stdout?: string;
  stderr?: string;
  error?: string;
  verdict: Verdict;
  fault: "student" | "limit" | "platform" | null;
  exit_code: number | null;
  signal: number | null;
  cpu_time_ms: number;
  wall_time_ms: number;
  memory_kib: number;
  truncated: boolean;
  diagnostics: Diagnostic[];
  /// Only of tests.
  test?: TestReport;
}

export interface TestReport {
  name?: string;
  hidden: boolean;
  passed: boolean;
  points: number;
  of: number;
  message?: string;
}

export interface CompileReport {
  output: string;
  truncated: boolean;
  exit_code: number | null;
  cpu_time_ms: number;
  wall_time_ms: number;
  memory_kib: number;
  cached: boolean;
}

export interface Done {
  status: "done";
  output: Record<string, { output: string; error?: string }>;
  execution_time: number;
  verdict: Verdict;
  results: RunResult[];
  phases: { queue: number; provision: number; compile: number; run: number };
  compile: CompileReport | null;
  diagnostics: Diagnostic[];
  /// Only of tests.
  summary?: { passed: number; total: number; points: number; of: number };
}

export interface Language {
  id: string;
  name: string;
  aliases: string[];
  available: boolean;
  version: string | null;
  reason?: string;
  modes: Mode[];
  compiled: boolean;
  limits: { default: Required<Limits>; maximum: Required<Limits> };
}

export interface Languages {
  default: string;
  languages: Language[];
}

/// A request that was refused, or one that did not get through.
export class ApiError extends Error {
  /// The HTTP status; 0 if there was no answer.
  readonly status: number;
  /// A stable name for programs; `unreachable` if there was no answer.
  readonly code: string;
  /// The field that is meant, if one is.
  readonly field: string | null;
  /// Seconds to wait before the next attempt, if the server said.
  readonly retryAfter: number | null;

  constructor(status: number, code: string, detail: string, field: string | null = null, retryAfter: number | null = null) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

export interface Options {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export class Client {
  readonly #base: string;
  readonly #key: () => string | null;

  /// `base` is where the API is, with a slash at its end; `key` gives the API key at each request.
  constructor(base: string, key: () => string | null) {
    this.#base = base;
    this.#key = key;
  }

  /// The address of a path, without a slash before it.
  address(path: string): string {
    return new URL(path, this.#base).href;
  }

  /// Any request; throws an `ApiError` unless the status is 2xx.
  async send(path: string, { method = "GET", body, headers = {}, signal }: Options = {}): Promise<Response> {
    const key = this.#key();
    const all: Record<string, string> = { ...headers };
    if (key !== null) all["x-api-key"] = key;
    if (body !== undefined) all["content-type"] = "application/json";
    let response: Response;
    try {
      response = await fetch(this.address(path), {
        method,
        headers: all,
        body: body === undefined ? null : JSON.stringify(body),
        credentials: "omit",
        signal: signal ?? null,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, "unreachable", "Code Runner can not be reached; is the server running?");
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  /// The JSON of an answer.
  async json<T>(path: string, options: Options = {}): Promise<T> {
    return (await (await this.send(path, options)).json()) as T;
  }

  languages(signal?: AbortSignal): Promise<Languages> {
    return this.json("languages", { signal });
  }

  /// Submits. With `once`, a copy of the request (after a broken connection) is not run again.
  run(request: RunRequest, once?: string): Promise<Started> {
    return this.json("run", { method: "POST", body: request, headers: once ? { "idempotency-key": once } : {} });
  }

  /// The result, waited for up to so many seconds (at most 30).
  result(id: string, wait = 0, signal?: AbortSignal): Promise<Done | Pending> {
    return this.json(`result/${encodeURIComponent(id)}?wait=${wait}`, { signal });
  }

  /// Asks for the end of a submission that waits or runs.
  async cancel(id: string): Promise<void> {
    await this.send(`result/${encodeURIComponent(id)}`, { method: "DELETE" });
  }

  /// What happens to a submission, from behind the event with the id `last`, until the connection ends.
  async *events(id: string, last = "", signal?: AbortSignal): AsyncGenerator<ServerEvent> {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (last) headers["last-event-id"] = last;
    const response = await this.send(`result/${encodeURIComponent(id)}/events`, { headers, signal });
    if (response.body) yield* events(response.body);
  }
}

/// The problem document of a refusal, or what its status says if there is none: a proxy may have answered.
async function refusal(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  try {
    const { code, detail, field } = (await response.json()) as { code?: unknown; detail?: unknown; field?: unknown };
    if (typeof code === "string" && typeof detail === "string") {
      return new ApiError(response.status, code, detail, typeof field === "string" ? field : null, retryAfter);
    }
  } catch {
    // No JSON.
  }
  return new ApiError(response.status, "no_problem_document", `the server answered ${response.status} ${response.statusText}`.trim(), null, retryAfter);
}

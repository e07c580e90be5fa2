/// What `/stats` and the addresses below it answer; the OpenAPI document says what each field means.

import type { Mode, Verdict } from "../shared/api.ts";

export interface SelfTest {
  passed: boolean;
  at: string;
  duration_ms: number;
}

export interface LanguageState {
  id: string;
  name: string;
  available: boolean;
  version: string | null;
  cause?: string;
  self_test: SelfTest | null;
}

export interface Overview {
  status: "ok" | "not_ready" | "stopping";
  reason?: string;
  version: string;
  started_at: string;
  now: string;
  workers: number;
  running: number;
  queued: number;
  max_queued: number;
  finished: number;
  boxes: { in_use: number; waiting: number; wanted: number };
  server_memory_bytes: number | null;
  compile_cache_bytes: number;
  log_lines_lost: number;
  wall_test: { at: string; duration_ms: number } | null;
  languages: LanguageState[];
}

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

export type Verdicts = Partial<Record<Verdict, number>>;

export interface Happened {
  finished: number;
  verdicts: Verdicts;
  queue_ms: Percentiles | null;
  execution_ms: Percentiles | null;
  queued: number | null;
  running: number | null;
  server_memory_bytes: number | null;
  box_memory_bytes: number | null;
}

export interface Stretch extends Happened {
  at: string;
}

export interface History {
  from: string;
  until: string;
  step_seconds: number;
  percentile_error: number;
  total: Happened & { languages: Record<string, Verdicts> };
  stretches: Stretch[];
}

export interface RecentSubmission {
  exec_id: string;
  finished_at: string;
  key: string;
  language: string;
  mode: Mode;
  inputs: number;
  verdict: Verdict;
  queue_ms: number;
  execution_ms: number;
}

export interface Used {
  submissions: number;
  runs: number;
  cpu_seconds: number;
  verdicts: Verdicts;
}

export interface KeyInUse {
  key: {
    name: string;
    state: "active" | "expired" | "revoked";
    scopes: string[];
    limits: { requests_per_minute: number | null; cpu_seconds_per_day: number | null; running: number | null };
    expires_at: string | null;
  };
  today: Used;
  month: Used;
}

/// How far back the charts go.
export type Range = "15m" | "24h";

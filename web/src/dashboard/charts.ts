/// Which charts there are.

import type { Kind, Line } from "./chart.ts";
import { bytes, count, milliseconds } from "./format.ts";
import type { History, Percentiles, Stretch } from "./stats.ts";

const MIB = 1024 ** 2;

/// Nobody looked, and nothing finished: the server was down, or not there yet.
function isUnknown(stretch: Stretch): boolean {
  return stretch.queued === null && stretch.finished === 0;
}

/// A count, which is 0 where nothing happened and unknown where nobody looked.
function counted(name: string, of: (stretch: Stretch) => number): Line {
  return { name, value: (stretch) => (isUnknown(stretch) ? null : of(stretch)) };
}

function percentiles(of: "queue_ms" | "execution_ms"): Line[] {
  return (["p50", "p95", "p99"] as const).map((name) => ({ name, value: (stretch) => stretch[of]?.[name] ?? null }));
}

function inWords(times: Percentiles | null, error: number): string {
  if (!times) return "Nothing was run.";
  const { p50, p95, p99 } = times;
  return `Half within ${milliseconds(p50)}, 95 % within ${milliseconds(p95)}, 99 % within ${milliseconds(p99)}, each to ${error * 100} %.`;
}

function others(stretch: Stretch): number {
  return stretch.finished - (stretch.verdicts.ok ?? 0) - (stretch.verdicts.internal_error ?? 0);
}

/// Memory in MiB, so that the axis has round numbers.
function mebibytes(value: number | null): number | null {
  return value === null ? null : value / MIB;
}

export const CHARTS: Kind[] = [
  {
    title: "Finished submissions",
    lines: [
      counted("ok", ({ verdicts }) => verdicts.ok ?? 0),
      counted("other verdicts", others),
      counted("internal error", ({ verdicts }) => verdicts.internal_error ?? 0),
    ],
    shown: count,
    summary: ({ total, step_seconds }) =>
      `${count(total.finished)} finished, ${count(total.verdicts.internal_error ?? 0)} of them by a fault of the platform. Counted by ${step_seconds < 60 ? `${step_seconds} s` : `${step_seconds / 60} min`}.`,
  },
  {
    title: "Waiting and running",
    lines: [
      { name: "waiting", value: ({ queued }) => queued },
      { name: "running", value: ({ running }) => running },
    ],
    shown: count,
    summary: ({ total }) => `At most ${count(total.queued)} were seen waiting, and ${count(total.running)} running.`,
  },
  {
    title: "Time in the queue",
    lines: percentiles("queue_ms"),
    shown: milliseconds,
    summary: ({ total, percentile_error }) => inWords(total.queue_ms, percentile_error),
  },
  {
    title: "Run time",
    lines: percentiles("execution_ms"),
    shown: milliseconds,
    summary: ({ total, percentile_error }) => inWords(total.execution_ms, percentile_error),
  },
  {
    title: "Memory",
    lines: [
      { name: "server", value: ({ server_memory_bytes }) => mebibytes(server_memory_bytes) },
      { name: "largest box", value: ({ box_memory_bytes }) => mebibytes(box_memory_bytes) },
    ],
    shown: (value) => bytes(value === null ? null : value * MIB),
    summary: ({ total }: History) =>
      `The server had at most ${bytes(total.server_memory_bytes)}, the box that needed most ${bytes(total.box_memory_bytes)}.`,
  },
];

/// The numbers of now, one beside the other.

import { fill, h } from "../shared/dom.ts";
import { bytes, count, lasted, milliseconds } from "./format.ts";
import type { History, Overview, Percentiles } from "./stats.ts";

export class Numbers {
  readonly element = h("dl", { class: "numbers" });

  show(overview: Overview, history: History): void {
    const minutes = (Date.parse(history.until) - Date.parse(history.from)) / 60_000;
    const perMinute = history.total.finished / minutes;
    const range = minutes > 60 ? "24 h" : "15 min";
    const number = (name: string, value: string, more: string) =>
      h("div", { class: "panel" }, h("dt", {}, name), h("dd", {}, h("strong", {}, value), " ", h("span", { class: "small muted" }, more)));
    const times = (of: Percentiles | null) => (of ? `p95 ${milliseconds(of.p95)}, p99 ${milliseconds(of.p99)}` : "nothing was run");
    fill(this.element,
      number("Running", count(overview.running), `of ${count(overview.workers)} slots`),
      number("Waiting", count(overview.queued), `of ${count(overview.max_queued)} that may`),
      number("Finished a minute", perMinute < 10 ? perMinute.toFixed(1) : count(Math.round(perMinute)), `in ${range}; ${count(overview.finished)} ever`),
      number("Queue, median", milliseconds(history.total.queue_ms?.p50), times(history.total.queue_ms)),
      number("Run time, median", milliseconds(history.total.execution_ms?.p50), times(history.total.execution_ms)),
      number("Server memory", bytes(overview.server_memory_bytes), `${bytes(overview.compile_cache_bytes)} of it kept compilations`),
      number("Boxes", count(overview.boxes.in_use), `in use, ${count(overview.boxes.waiting)} of ${count(overview.boxes.wanted)} wait`),
      number("Up", lasted(overview.started_at, overview.now), `version ${overview.version}`));
  }
}

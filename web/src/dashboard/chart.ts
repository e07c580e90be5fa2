/// A chart, and the same numbers as a table.
///
/// The picture is a canvas, which nobody can read who does not see it: so it has a name that says what it shows, a sentence with
/// the numbers that matter, and behind a button the table. Lines differ in colour and in how they are dashed.

import uPlot from "uplot";
import { fill, h } from "../shared/dom.ts";
import { clock } from "./format.ts";
import type { History, Stretch } from "./stats.ts";

/// One line of a chart, and one column of its table.
export interface Line {
  name: string;
  /// Null where it is not known.
  value: (stretch: Stretch) => number | null;
}

export interface Kind {
  /// What stands above it.
  title: string;
  lines: Line[];
  /// A number of it as people read it, on the axis and in the table.
  shown: (value: number | null) => string;
  /// The numbers that matter, in a sentence.
  summary: (history: History) => string;
}

const DASHES: number[][] = [[], [8, 4], [2, 3]];
const HEIGHT = 200;

export class Chart {
  readonly element: HTMLElement;
  readonly #kind: Kind;
  readonly #summary = h("p", { class: "summary small muted" });
  readonly #picture = h("div", { class: "picture", role: "img" });
  readonly #table: HTMLElement;
  readonly #marks: HTMLElement[];
  readonly #toggle: HTMLButtonElement;
  #plot: uPlot | null = null;
  #history: History | null = null;

  constructor(kind: Kind) {
    this.#kind = kind;
    this.#marks = kind.lines.map((_, index) => h("span", { class: `mark line-${index}`, "aria-hidden": "true" }));
    this.#toggle = h("button", { type: "button", class: "small", "aria-pressed": "false", onclick: () => this.#turn() }, "Table");
    this.#table = h("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": `${kind.title}, as a table`, hidden: true });
    const legend = kind.lines.map(({ name }, index) => h("li", {}, this.#marks[index]!, name));
    this.element = h("section", { class: "panel chart" },
      h("div", { class: "head" }, h("h3", {}, kind.title), this.#toggle),
      this.#summary,
      h("ul", { class: "legend small" }, ...legend),
      this.#picture,
      this.#table);
    this.#toggle.setAttribute("aria-label", `${kind.title}: show as a table`);
    new ResizeObserver(() => this.#fit()).observe(this.#picture);
  }

  /// Shows this from now on.
  show(history: History): void {
    this.#history = history;
    this.#summary.textContent = this.#kind.summary(history);
    this.#picture.setAttribute("aria-label", `${this.#kind.title}. ${this.#summary.textContent}`);
    if (this.#table.hidden) this.#draw();
    else this.#list();
  }

  /// Draws it anew, in the colours of now.
  recolour(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#history && this.#table.hidden) this.#draw();
  }

  #turn(): void {
    this.#table.hidden = !this.#table.hidden;
    this.#picture.hidden = !this.#table.hidden;
    this.#toggle.setAttribute("aria-pressed", String(!this.#table.hidden));
    if (this.#history) this.show(this.#history);
  }

  #list(): void {
    const { lines, shown } = this.#kind;
    const stretches = [...(this.#history?.stretches ?? [])].reverse();
    const withSeconds = (this.#history?.step_seconds ?? 0) < 60;
    fill(this.#table, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "From"), ...lines.map(({ name }) => h("th", { scope: "col", class: "number" }, name)))),
      h("tbody", {}, ...stretches.map((stretch) => h("tr", {},
        h("th", { scope: "row" }, h("time", { datetime: stretch.at }, clock(stretch.at, withSeconds))),
        ...lines.map(({ value }) => h("td", { class: "number" }, shown(value(stretch)))))))));
  }

  #draw(): void {
    const stretches = this.#history?.stretches ?? [];
    const data: uPlot.AlignedData = [
      stretches.map(({ at }) => Date.parse(at) / 1000),
      ...this.#kind.lines.map(({ value }) => stretches.map(value)),
    ];
    if (this.#plot) this.#plot.setData(data);
    else this.#plot = new uPlot(this.#options(), data, this.#picture);
  }

  #options(): uPlot.Options {
    const style = getComputedStyle(this.element);
    const axis = { stroke: style.color, grid: { stroke: style.borderTopColor, width: 1 }, ticks: { stroke: style.borderTopColor, width: 1 }, font: "12px sans-serif" };
    const { shown } = this.#kind;
    return {
      width: Math.max(this.#picture.clientWidth, 100),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_, __, most) => [0, Math.max(most * 1.1, 1)] } },
      axes: [
        { ...axis, values: (_, at) => at.map((second) => clock(second * 1000, false)), space: 60 },
        { ...axis, size: 70, values: (_, values) => values.map((value) => shown(value)) },
      ],
      series: [
        {},
        ...this.#kind.lines.map(({ name }, index) => ({
          label: name,
          stroke: getComputedStyle(this.#marks[index]!).color,
          dash: DASHES[index] ?? [],
          width: 2,
          points: { show: false },
        })),
      ],
    };
  }

  #fit(): void {
    const width = this.#picture.clientWidth;
    if (this.#plot && width > 0 && Math.abs(width - this.#plot.width) >= 1) this.#plot.setSize({ width, height: HEIGHT });
  }
}

"""The report as rows of text, for the terminal and for docs/performance.md alike."""
import machine

LATENCY_HEAD = [
    "language", "what", "inputs", "n", "p50 ms", "p95 ms", "p99 ms", "p99/p50", "x bare", "x one start", "CPU ms",
]
FIGURES_HEAD = ["figure", "value", "beside it"]


def latency(report):
    return [
        [
            row["language"], row["name"], str(row["inputs"]), str(row["n"]), f"{row['p50_ms']:.1f}", f"{row['p95_ms']:.1f}",
            f"{row['p99_ms']:.1f}", f"{row['p99_over_p50']:.2f}", f"{row['ratio_bare']:.2f}",
            f"{row['ratio_one_start']:.2f}", f"{row['cpu_ms']:.1f}",
        ]
        for row in report["latency"]
    ]


def figures(report):
    """Everything that is not the latency of one submission. A part that was not measured has no rows."""
    rows = []
    if start := report.get("start"):
        slowest = f"slowest {start['slowest_s']:.2f} s"
        rows.append(["start of the process to readiness", f"{start['ready_s']:.2f} s", slowest])
    if settled := report.get("settled"):
        rows.append(["readiness to the end of all self-tests", f"{settled['self_tests_s']:.1f} s", ""])
        full = f"{settled['boxes_s']:.1f} s" if settled["boxes_s"] is not None else "–"
        rows.append(["readiness to all waiting boxes", full, f"{settled['boxes']} boxes"])
    if idle := report.get("idle"):
        rows.append([
            "processor time when idle", f"{idle['share_of_a_core'] * 100:.2f} % of a core", f"over {idle['seconds']:.0f} s",
        ])
    if memory := report.get("memory"):
        each = f"{memory['per_box_mib']:.1f} MiB" if memory["boxes"] else "–"
        rows.append(["memory per waiting box (PSS)", each, f"{memory['boxes']} boxes"])
        for name, entry in sorted(memory["by_name"].items()):
            rows.append([f"memory of `{name}` (PSS)", f"{entry['pss_mib']:.1f} MiB", f"{entry['processes']} processes"])
    if sustained := report.get("sustained"):
        rows.append([
            "Python submissions a second, all cores", f"{sustained['per_second']:.0f}",
            f"bare starts {sustained['bare_per_second']:.0f}, ratio {sustained['ratio']:.2f}; "
            f"client {sustained['client_share_of_cpu'] * 100:.0f} % of the processors",
        ])
    if burst := report.get("burst"):
        rows.append([
            f"{burst['count']} at once, until the last answer", f"{burst['last_s']:.2f} s",
            f"all accepted in {burst['accepted_s']:.2f} s; {burst['ratio']:.2f} x {burst['count']} / rate",
        ])
    for row in report.get("queue", []):
        rows.append([
            f"{row['waiting']} waiting", f"{row['per_second']:.0f} finished a second",
            f"{row['slower_by_ms']:+.2f} ms each; submit p50 {row['submit_p50_ms']:.1f} ms, "
            f"p95 {row['submit_p95_ms']:.1f} ms; server {row['server_rss_mib']:.0f} MiB",
        ])
    rows += [["not measured: " + one["what"], "–", one["reason"]] for one in report["skipped"]]
    return rows


def text(report):
    """One table for the terminal: the latencies, and below them the other figures."""
    parts = [("llrrrrrrrrr", LATENCY_HEAD, latency(report)), ("lll", FIGURES_HEAD, figures(report))]
    lines = [machine.line(report["machine"])]
    for sides, head, rows in parts:
        if rows:
            lines += ["", *_aligned(sides, [head, *rows])]
    return "\n".join(lines)


def markdown(report):
    lines = [f"{machine.line(report['machine'])}; {report['date']}, {report['rounds']} rounds."]
    for head, rows in ((LATENCY_HEAD, latency(report)), (FIGURES_HEAD, figures(report))):
        if rows:
            numbers = 2 if head is LATENCY_HEAD else len(head)
            rule = ["---" if column < numbers else "--:" for column in range(len(head))]
            lines += ["", *(f"| {' | '.join(row)} |" for row in ([head, rule, *rows]))]
    return "\n".join(lines)


def _aligned(sides, rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(width) if side == "l" else cell.rjust(width) for side, cell, width in zip(sides, row, widths)
        )
        yield "  ".join(cells).rstrip()

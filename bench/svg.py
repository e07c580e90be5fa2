"""Charts as SVG, without a library: a page to draw on, bars, lines, axes."""
import math

WIDTH = 760
LEFT, RIGHT, TOP = 210, 30, 56
# The reader's colours: an image in a page can not see the page's, but it is told whether the reader prefers a dark one.
STYLE = """
svg { font-family: system-ui, sans-serif; font-size: 13px; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0;
       --c0: #6e7781; --c1: #bf8700; --c2: #cf222e; --c3: #8250df; --c4: #0969da; --c5: #1a7f37; --c6: #bc4c00; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d;
         --c0: #9198a1; --c1: #d29922; --c2: #f85149; --c3: #ab7df8; --c4: #4493f8; --c5: #3fb950; --c6: #f0883e; }
}
text { fill: var(--ink) } .soft { fill: var(--soft); font-size: 11px } .title { font-size: 16px; font-weight: 600 }
.on { font-size: 11px; fill: #fff }
.grid { stroke: var(--line) } .one { stroke: var(--ink); stroke-width: 1.5 } .curve { fill: none; stroke-width: 2 }
"""


class Page:
    """A chart: a title, a sentence on how to read it, what was drawn, and the machine it is from."""

    def __init__(self, title, reading, width=WIDTH):
        self.title, self.reading, self.width = title, reading, width
        self.parts = []
        self.bottom = TOP

    def text(self, x, y, words, anchor="start", kind=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{_escaped(words)}</text>')

    def bar(self, x, y, width, height, colour):
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" rx="2" fill="var(--c{colour})"/>'
        )

    def rule(self, x1, y1, x2, y2, kind="grid"):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def curve(self, points, colour):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{points}" class="curve" stroke="var(--c{colour})"/>')

    def legend(self, y, entries):
        """Names with their colours, as many in a line as fit; gives the y below them."""
        x = LEFT
        for name, colour in entries:
            width = 36 + 8 * len(name)
            if x + width > WIDTH - RIGHT and x > LEFT:
                x, y = LEFT, y + 20
            self.bar(x, y - 10, 12, 12, colour)
            self.text(x + 18, y, name)
            x += width
        return y + 20

    def svg(self, machine):
        height = self.bottom + 34
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
            f'height="{height:.0f}" role="img" aria-label="{_escaped(self.title)}">',
            f"<style>{STYLE}</style>",
            f'<text x="16" y="24" class="title">{_escaped(self.title)}</text>',
            f'<text x="16" y="43" class="soft">{_escaped(self.reading)}</text>',
            *self.parts,
            f'<text x="16" y="{height - 10:.0f}" class="soft">{_escaped(machine)}</text>',
            "</svg>", "",
        ])


class Linear:
    """Values to places, with zero at the beginning."""

    def __init__(self, most, begin, end):
        self.step = _round_step(most / 5)
        self.most = math.ceil(most / self.step) * self.step or 1
        self.begin, self.end = begin, end

    def __call__(self, value):
        return self.begin + (self.end - self.begin) * value / self.most

    def ticks(self):
        return [index * self.step for index in range(round(self.most / self.step) + 1)]


class Logarithmic:
    """Values to places, each tenfold as far as the last. Includes `least` and `most`."""

    def __init__(self, least, most, begin, end):
        self.low, self.high = math.log10(least), math.log10(most)
        self.least, self.most, self.begin, self.end = least, most, begin, end

    def __call__(self, value):
        return self.begin + (self.end - self.begin) * (math.log10(value) - self.low) / (self.high - self.low)

    def ticks(self):
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        ticks = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
        return [tick for tick in ticks if self.least * 0.999 <= tick <= self.most * 1.001]


def _round_step(step):
    """The next of 1, 2 and 5 in its decade."""
    if step <= 0:
        return 1
    decade = 10 ** math.floor(math.log10(step))
    return next(factor * decade for factor in (1, 2, 5, 10) if factor * decade >= step * 0.999)


def _escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

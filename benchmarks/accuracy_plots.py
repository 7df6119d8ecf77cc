"""Charts of shares, as SVG that reads in light and in dark: lines over a linear axis, and pairs of bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from benchmarks.plot import style
from benchmarks.tools import OURS

WIDTH, HEIGHT = 840, 420
LEFT, RIGHT, TOP, BOTTOM = 64, 270, 20, 48
LEGEND_GAP = 20
BAR, BAR_GAP, NAME_WIDTH = 13, 12, 220
BOLD = ' style="font-weight:bold"'

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high` with the places that are named along it."""

    says: str
    low: float
    high: float
    ticks: Mapping[float, str]

    def share(self, value: float) -> float:
        """How far along the axis a value stands, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


def shares(says: str, low: float = 0.0, steps: int = 5) -> Axis:
    """An axis for shares, in per cent."""
    ticks = [low + (1 - low) * number / steps for number in range(steps + 1)]
    return Axis(says, low, 1.0, {tick: f"{100 * tick:g} %" for tick in ticks})


def _opened(width: int, height: int, title: str, told: str) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(told)}</desc>",
        f"<style>{style()}.mark{{stroke:none}}.w{{stroke:#888;stroke-width:1.5}}</style>",
    ]


def _closed(parts: Sequence[str]) -> str:
    return "\n".join([*parts, "</svg>", ""])


def _axes(across: Axis, up: Axis) -> Iterator[str]:
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for y, name in up.ticks.items():
        at = f"{_y(up, y):.1f}"
        yield f'<line class="grid" x1="{LEFT}" y1="{at}" x2="{right}" y2="{at}"/>'
        yield f'<text x="{LEFT - 8}" y="{at}" dy="4" text-anchor="end">{escape(name)}</text>'
    for x, name in across.ticks.items():
        at = f"{_x(across, x):.1f}"
        yield f'<line class="axis" x1="{at}" y1="{floor}" x2="{at}" y2="{floor + 5}"/>'
        yield f'<text x="{at}" y="{floor + 20}" text-anchor="middle">{escape(name)}</text>'
    yield f'<line class="axis" x1="{LEFT}" y1="{floor}" x2="{right}" y2="{floor}"/>'
    middle_x, middle_y = (LEFT + right) / 2, (TOP + floor) / 2
    yield f'<text x="{middle_x}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across.says)}</text>'
    yield (
        f'<text x="14" y="{middle_y}" text-anchor="middle" transform="rotate(-90 14 {middle_y})">'
        f"{escape(up.says)}</text>"
    )


def _x(axis: Axis, value: float) -> float:
    return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM)


def lines_chart(
    title: str,
    told: str,
    lines: Mapping[str, Sequence[Point]],
    across: Axis,
    up: Axis,
    marks: Mapping[str, Point] | None = None,
) -> str:
    """Lines by name, that of dedup heavier and over the others, and single points; named in the margin."""
    parts = [*_opened(WIDTH, HEIGHT, title, told), *_axes(across, up)]
    names: list[tuple[str, str]] = []
    drawn_lines: list[str] = []
    # The style makes the line of number 0 heavier.
    for number, (name, line) in enumerate(lines.items(), 0 if next(iter(lines)) == OURS else 1):
        drawn = " ".join(
            f"{'L' if n else 'M'}{_x(across, x):.1f} {_y(up, y):.1f}" for n, (x, y) in enumerate(line)
        )
        drawn_lines.append(f'<path class="s{number}" d="{drawn}"/>')
        names.append((name, f'<path class="s{number}" d="M0 0 L18 0"/>'))
    parts += reversed(drawn_lines)
    for number, (name, (x, y)) in enumerate((marks or {}).items()):
        # A shape for each, since their colours are those of lines as well.
        shape = (
            "M0 -7 L7 0 L0 7 L-7 0 Z",
            "M-6 -6 L6 -6 L6 6 L-6 6 Z",
            "M0 -7 L7 6 L-7 6 Z",
            "M0 7 L7 -6 L-7 -6 Z",
        )
        drawn = f'<path class="mark t{number}" style="fill-rule:nonzero" d="{shape[number % len(shape)]}"'
        parts.append(f'{drawn} transform="translate({_x(across, x):.1f} {_y(up, y):.1f})"/>')
        names.append((name, f'{drawn} transform="translate(9 0)"/>'))
    for number, (name, sample) in enumerate(names):
        place = f"translate({WIDTH - RIGHT + 16} {TOP + 12 + number * LEGEND_GAP})"
        bold = BOLD if name.startswith(OURS) else ""
        parts.append(f'<g transform="{place}">{sample}<text x="26" dy="4"{bold}>{escape(name)}</text></g>')
    return _closed(parts)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share with the interval in which it lies."""

    share: float
    low: float
    high: float


def bars_chart(title: str, told: str, rows: Mapping[str, Sequence[Bar]], meanings: Sequence[str]) -> str:
    """For each name one bar for each of the meanings, from 0 to 100 %, with their intervals."""
    step = len(meanings) * BAR + BAR_GAP
    head = 28 + LEGEND_GAP * len(meanings)
    floor = head + step * len(rows)
    width = WIDTH - NAME_WIDTH - 70
    parts = _opened(WIDTH, floor + 40, title, told)
    for number, meaning in enumerate(meanings):
        y = 16 + number * LEGEND_GAP
        parts.append(f'<rect class="t{number}" x="{NAME_WIDTH}" y="{y - 10}" width="14" height="12"/>')
        parts.append(f'<text x="{NAME_WIDTH + 22}" y="{y}">{escape(meaning)}</text>')
    for tick in range(0, 101, 20):
        x = NAME_WIDTH + width * tick / 100
        parts.append(f'<line class="grid" x1="{x:.1f}" y1="{head - 8}" x2="{x:.1f}" y2="{floor}"/>')
        parts.append(f'<text x="{x:.1f}" y="{floor + 20}" text-anchor="middle">{tick} %</text>')
    for row, (name, bars) in enumerate(rows.items()):
        top = head + row * step
        bold = BOLD if name.startswith(OURS) else ""
        middle = top + len(bars) * BAR / 2
        parts.append(
            f'<text x="{NAME_WIDTH - 10}" y="{middle:.1f}" dy="4" text-anchor="end"{bold}>{escape(name)}</text>'
        )
        for number, bar in enumerate(bars):
            y = top + number * BAR
            low, end, high = (NAME_WIDTH + width * part for part in (bar.low, bar.share, bar.high))
            parts.append(
                f'<rect class="t{number}" x="{NAME_WIDTH}" y="{y}" width="{end - NAME_WIDTH:.1f}" height="{BAR - 2}"/>'
            )
            at = y + (BAR - 2) / 2
            parts.append(f'<line class="w" x1="{low:.1f}" y1="{at}" x2="{high:.1f}" y2="{at}"/>')
            parts.append(
                f'<text x="{high + 6:.1f}" y="{at}" dy="4" style="font-size:11px">{100 * bar.share:.1f}</text>'
            )
    return _closed(parts)

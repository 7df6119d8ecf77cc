"""A line chart with logarithmic axes, as SVG that reads in light and in dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 790, 460
LEFT, RIGHT, TOP, BOTTOM = 64, 200, 20, 48
LABEL_GAP = 15

_LIGHT = ("#0b57d0", "#b3261e", "#146c2e", "#7a4d00", "#7b2d8b", "#00687a", "#8a1550", "#555555", "#4a5a00")
_DARK = ("#8ab4f8", "#f2b8b5", "#81c995", "#fdd663", "#d7aefb", "#78d9ec", "#ff8bcb", "#bdbdbd", "#c7d36f")

Line = Sequence[tuple[float, float]]


def style() -> str:
    """The style sheet: a colour for the line and the text of each number, in light and in dark."""

    def colours(palette: Sequence[str]) -> str:
        return "".join(f".s{n}{{stroke:{colour}}}.t{n}{{fill:{colour}}}" for n, colour in enumerate(palette))

    return (
        "text{font:13px system-ui,sans-serif;fill:#333}.name{paint-order:stroke;stroke:#fff;stroke-width:4px}.axis{stroke:#999}.grid{stroke:#ddd}"
        f"path{{fill:none;stroke-width:2}}.s0{{stroke-width:3.5}}{colours(_LIGHT)}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.name{stroke:#0d1117}.axis{stroke:#777}.grid{stroke:#444}"
        f"{colours(_DARK)}}}"
    )


def _spread(places: Mapping[str, float]) -> dict[str, float]:
    """The same places, moved down where a label would lie on another, and up again where that leaves the picture."""
    found: dict[str, float] = {}
    last = -math.inf
    for name, place in sorted(places.items(), key=lambda each: each[1]):
        last = max(place, last + LABEL_GAP)
        found[name] = last
    limit = float(HEIGHT - BOTTOM)
    for name in reversed(found):
        found[name] = limit = min(found[name], limit)
        limit -= LABEL_GAP
    return found


def _decades(low: float, high: float) -> list[float]:
    return [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def chart(lines: Mapping[str, Line], ticks: Mapping[float, str], across: str, up: str) -> str:
    """The lines by name, the first of them drawn heavier; `ticks` are the places named along the horizontal axis."""
    xs = [x for line in lines.values() for x, _ in line]
    ys = [y for line in lines.values() for _, y in line]
    decades = _decades(min(ys), max(ys))
    x_low, x_high = math.log10(min(xs)), math.log10(max(xs))
    y_low, y_high = math.log10(decades[0]), math.log10(decades[-1])

    def x_of(x: float) -> float:
        return LEFT + (math.log10(x) - x_low) / ((x_high - x_low) or 1) * (WIDTH - LEFT - RIGHT)

    def y_of(y: float) -> float:
        share = (math.log10(y) - y_low) / ((y_high - y_low) or 1)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(up)} over {escape(across)}</title>",
        f"<style>{style()}</style>",
    ]
    for y in decades:
        at = f"{y_of(y):.1f}"
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{at}" x2="{right}" y2="{at}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at}" dy="4" text-anchor="end">{_short(y)}</text>')
    for x, name in ticks.items():
        at = f"{x_of(x):.1f}"
        parts.append(f'<line class="axis" x1="{at}" y1="{floor}" x2="{at}" y2="{floor + 5}"/>')
        parts.append(f'<text x="{at}" y="{floor + 20}" text-anchor="middle">{escape(name)}</text>')
    parts.append(f'<line class="axis" x1="{LEFT}" y1="{floor}" x2="{right}" y2="{floor}"/>')
    parts.append(
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>'
    )
    middle = (TOP + floor) / 2
    parts.append(
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">{escape(up)}</text>'
    )
    labels: dict[str, float] = {}
    for end in {line[-1][0] for line in lines.values()}:
        labels |= _spread({name: y_of(line[-1][1]) for name, line in lines.items() if line[-1][0] == end})
    names = []
    for number, (name, line) in enumerate(lines.items()):
        points = [(x_of(x), y_of(y)) for x, y in line]
        drawn = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
        parts.append(f'<path class="s{number}" d="{drawn}"/>')
        parts.extend(f'<circle class="t{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points)
        bold = "" if number else ' font-weight="bold"'
        # Beside the last point, which may stand left of the others; over all lines.
        place = f'x="{points[-1][0] + 10:.1f}" y="{labels[name]:.1f}" dy="4"'
        names.append(f'<text class="name t{number}" {place}{bold}>{escape(name)}</text>')
    return "\n".join([*parts, *names, "</svg>", ""])

"""Small charts as SVG text.

Plain strings, so that documents need no plotting library and a chart's file changes only when its figures do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN, RIGHT = 640, 400, 64, 36  # right of the last tick there is room for half its label
COLOURS = ("#0b6e4f", "#c1666b", "#4d7ea8", "#8d6a9f", "#b07d12")


@dataclass(frozen=True)
class Axis:
    """From value to position; logarithmic where so stated."""

    low: float
    high: float
    start: float
    stop: float
    logarithmic: bool = False

    def at(self, value: float) -> float:
        """Position of a value."""
        low, high, here = ((math.log10(part) if self.logarithmic else part) for part in (self.low, self.high, value))
        return self.start + (here - low) / (high - low) * (self.stop - self.start)


def line_chart(
    title: str,
    lines: dict[str, list[tuple[float, float]]],
    axes: tuple[str, str],
    ticks: tuple[dict[float, str], dict[float, str]],
    *,
    logarithmic: bool = True,
    diagonal: bool = False,
) -> str:
    """One line per name through its points. ``ticks``: value and label on either axis; their least and greatest bound it."""
    across = Axis(min(ticks[0]), max(ticks[0]), MARGIN, WIDTH - RIGHT, logarithmic)
    up = Axis(min(ticks[1]), max(ticks[1]), HEIGHT - MARGIN, 48, logarithmic)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" role="img">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="24" font-size="15">{title}</text>',
        f'<text x="{WIDTH / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{axes[0]}</text>',
        f'<text x="16" y="{HEIGHT / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {HEIGHT / 2:.0f})">{axes[1]}</text>',
    ]
    for value, label in ticks[0].items():
        x = across.at(value)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="48" y2="{HEIGHT - MARGIN}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - MARGIN + 18}" text-anchor="middle">{label}</text>')
    for value, label in ticks[1].items():
        y = up.at(value)
        parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    if diagonal:
        ends = [(across.at(value), up.at(value)) for value in (across.low, across.high)]
        parts.append(_polyline(ends, "#999999", "4 4"))
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        placed = [(across.at(x), up.at(y)) for x, y in points]
        parts.append(_polyline(placed, colour, ""))
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in placed)
        parts.append(f'<text x="{MARGIN + 12}" y="{66 + 17 * number}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _polyline(points: list[tuple[float, float]], colour: str, dashes: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dashes}"/>'

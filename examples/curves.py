"""Draws the curves of a training as SVG, that a page of Markdown can show."""

from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 34, 30
COLORS = {"training": "#3b7dd8", "validation": "#e0792b"}
# Grey that can be read on white and on black alike.
INK = "#808080"


def draw_curves(history: Mapping[str, Sequence[float]], metrics: Sequence[str]) -> str:
    """One chart per metric, side by side: over the epochs, on the training and on the validation data."""
    charts = []
    for position, metric in enumerate(metrics):
        lines = {"training": history.get(metric, ()), "validation": history.get(f"val_{metric}", ())}
        charts.append(f'<g transform="translate({position * WIDTH},0)">{_draw_chart(metric, lines)}</g>')
    size = f'width="{len(metrics) * WIDTH}" height="{HEIGHT}"'
    font = 'font-family="system-ui, sans-serif" font-size="11"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} fill="{INK}">\n' + "\n".join(charts) + "\n</svg>\n"


def _draw_chart(metric: str, lines: Mapping[str, Sequence[float]]) -> str:
    values = [value for line in lines.values() for value in line if isfinite(value)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    epochs = max(map(len, lines.values()))
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM

    def place(epoch: int, value: float) -> str:
        x = left + (right - left) * epoch / max(epochs - 1, 1)
        y = bottom - (bottom - top) * (value - low) / ((high - low) or 1)
        return f"{x:.1f},{y:.1f}"

    parts = [
        f'<text x="{left}" y="16" font-weight="bold">{escape(metric.replace("_", " "))}</text>',
        f'<path d="M{left},{top}V{bottom}H{right}" fill="none" stroke="{INK}"/>',
        f'<text x="{left - 6}" y="{top + 4}" text-anchor="end">{high:.3g}</text>',
        f'<text x="{left - 6}" y="{bottom + 4}" text-anchor="end">{low:.3g}</text>',
        f'<text x="{left}" y="{HEIGHT - 10}">epoch 1</text>',
        f'<text x="{right}" y="{HEIGHT - 10}" text-anchor="end">{epochs}</text>',
    ]
    for index, (name, line) in enumerate(lines.items()):
        if len(line) == 0:
            continue
        points = " ".join(place(epoch, value) for epoch, value in enumerate(line) if isfinite(value))
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{COLORS[name]}" stroke-width="2"/>',
            f'<text x="{right - 70 * (1 - index)}" y="16" text-anchor="end" fill="{COLORS[name]}">{name}</text>',
        ]
    return "".join(parts)

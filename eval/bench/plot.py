"""The plot of cost against size, both by powers of ten, as an SVG file that stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

from markupsafe import Markup

from ..report.drawing import Scale, dot, line, path, picture, words

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 540, 30, 350
_COLOURS = ("#1f4e79", "#b03a2e", "#1e8449", "#9a7d0a", "#6c3483", "#566573")
_STYLE = (
    "<style>svg{background:#fff}text{font:12px sans-serif;fill:#222}.rule{stroke:#ddd}"
    "polyline{fill:none;stroke-width:2}%s</style>"
)


def cost_by_size(lines: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """``lines`` are by name pairs of passages and milliseconds."""
    points = [point for pairs in lines.values() for point in pairs]
    across = _scale([size for size, _ in points], _LEFT, _RIGHT)
    up = _scale([cost for _, cost in points], _BOTTOM, _TOP)
    parts = [
        Markup(_STYLE)
        % Markup("".join(f".c{n}{{stroke:{c};fill:{c}}}polyline.c{n}{{fill:none}}" for n, c in enumerate(_COLOURS)))
    ]
    parts += [words(_LEFT, 18, "Milliseconds of a question (p95) by the number of passages")]
    for power in range(round(across.low), round(across.high) + 1):
        parts += [
            line(across(power), _TOP, across(power), _BOTTOM),
            words(across(power), _BOTTOM + 18, f"{10**power:,}", anchor="middle"),
        ]
    for power in range(round(up.low), round(up.high) + 1):
        parts += [
            line(_LEFT, up(power), _RIGHT, up(power)),
            words(_LEFT - 8, up(power) + 4, f"{10**power:,}", anchor="end"),
        ]
    for n, (name, pairs) in enumerate(lines.items()):
        drawn = [(across(log10(size)), up(log10(cost))) for size, cost in pairs]
        parts += [path(drawn, f"c{n}"), *(dot(*place, f"c{n}") for place in drawn)]
        parts += [dot(_RIGHT + 24, _TOP + 10 + 20 * n, f"c{n}"), words(_RIGHT + 36, _TOP + 14 + 20 * n, name)]
    drawing = picture(_WIDTH, _HEIGHT, "Cost of a question against the size of the archive", *parts)
    return str(drawing).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _scale(values: Sequence[float], start: float, end: float) -> Scale:
    return Scale(floor(log10(min(values))), max(ceil(log10(max(values))), floor(log10(min(values))) + 1), start, end)

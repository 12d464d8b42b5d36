"""The strokes of our plots: SVG that takes its colours from the page, so that it is right in light, dark and print.

Lengths are in the units of the viewBox, about one pixel each. Every word passes MarkupSafe, which escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from markupsafe import Markup, escape

Point = tuple[float, float]
LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` laid out from ``start`` to ``end``; what lies beyond stands at the end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / ((self.high - self.low) or 1)
        return self.start + share * (self.end - self.start)

    def ticks(self, wanted: int = 5) -> list[float]:
        """Round values between both ends, about as many as wanted: steps of 1, 2 or 5 times a power of ten."""
        step = round_step((self.high - self.low) / max(1, wanted))
        first, last = -floor(-self.low / step + 1e-9), floor(self.high / step + 1e-9)
        return [n * step for n in range(int(first), int(last) + 1)]


def round_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below it."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def round_end(most: float) -> float:
    """Where an axis that holds ``most`` may end: the next of about four round steps."""
    step = round_step(most / 4)
    return -floor(-most / step + 1e-9) * step


def picture(width: float, height: float, title: str, *parts: Markup, kind: str = "plot") -> Markup:
    """A picture of its own; ``title`` says to who cannot see it what is to be seen."""
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>').format(
        kind, _of(width), _of(height), title, title
    )
    return head + Markup("").join(parts) + Markup("</svg>")


def line(x1: float, y1: float, x2: float, y2: float, style: str = "rule") -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(style, *map(_of, (x1, y1, x2, y2)))


def box(x: float, y: float, width: float, height: float, style: str) -> Markup:
    sizes = map(_of, (x, y, max(0.0, width), max(0.0, height)))
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(style, *sizes)


def dot(x: float, y: float, style: str, radius: float = 4) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(style, *map(_of, (x, y, radius)))


def words(x: float, y: float, text: object, style: str = "", anchor: str = "start") -> Markup:
    """``y`` is the base line."""
    place = Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">').format(style, _of(x), _of(y), anchor)
    return place + escape(text) + Markup("</text>")


def path(points: Iterable[Point], style: str) -> Markup:
    drawn = " ".join(f"{_of(x)},{_of(y)}" for x, y in points)
    return Markup('<polyline class="{}" points="{}"/>').format(style, drawn)


def stairs(points: Sequence[Point]) -> list[Point]:
    """The points joined by steps: what held at one holds until the next."""
    corners = [corner for (_, y), (x, after) in pairwise(points) for corner in ((x, y), (x, after))]
    return [*points[:1], *corners]


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _of(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")

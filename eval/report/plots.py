"""The plots: values in, one picture out. Whatever is drawn is told in words or figures as well.

A run keeps its place and with it its colour and its sign: dot, ring, square, hollow square; a fifth begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from ..statistics import Difference, Interval
from .drawing import LINE_HEIGHT, Point, Scale, box, dot, line, path, picture, shortened, stairs, words
from .wording import figure, percent

_WIDTH = 440.0
_LABELS = 118.0
_ROW = 13.0
_SHARES = [0.0, 0.25, 0.5, 0.75, 1.0]

_T = TypeVar("_T")
Row = tuple[str, Sequence[Interval | None]]


@dataclass(frozen=True, slots=True)
class Curve:
    """The steps of the run at this place, and what is said of the last of them."""

    name: str
    place: int
    points: Sequence[Point]
    says: str


def mark(x: float, y: float, place: int) -> Markup:
    """The sign of the run at this place."""
    style = f"r{place % 4} {'ring' if place % 2 else 'full'}"
    return dot(x, y, style) if place % 4 < 2 else box(x - 3.5, y - 3.5, 7, 7, style)


def whisker(held: Interval, scale: Scale, y: float, place: int) -> Markup:
    return line(scale(held.low), y, scale(held.high), y, f"whisker r{place % 4}") + mark(scale(held.mean), y, place)


def strip(rows: Sequence[Interval | None], title: str) -> Markup:
    """Shares with their intervals between 0 and 1, a line for each run that has one."""
    scale, held = Scale(0, 1, 6, 194), _present(rows)
    parts = []
    for n, (place, share) in enumerate(held):
        y = 8.0 + n * _ROW
        parts += [line(6, y, 194, y, "track"), whisker(share, scale, y, place)]
    return picture(200, 3 + len(held) * _ROW, title, *parts, kind="plot strip")


def forest_row(held: Difference, scale: Scale, title: str, style: str) -> Markup:
    """One difference as dot and whisker; ``style`` is "better", "worse" or "even" and gives the colour."""
    parts = (
        line(scale(0), 0, scale(0), 24, "zero"),
        line(scale(held.low), 12, scale(held.high), 12, f"whisker {style}"),
        dot(scale(held.difference), 12, f"{'ring' if style == 'even' else 'full'} {style}", 4.5),
    )
    return picture(scale.end + 8, 24, title, *parts, kind="plot forest")


def bars(title: str, rows: Sequence[Row], unit: str = "") -> Markup:
    """A bar a run in every row, its interval as a whisker, its figure at the right end, its questions behind its name."""
    most = 1.0 if not unit else max((h.high for _, held in rows for h in held if h), default=1.0)
    scale, top, parts = Scale(0, most, _LABELS, _WIDTH - 56), 4.0, []
    for label, all_runs in rows:
        held = _present(all_runs)
        deep = len(held) * _ROW + 8
        parts += _named(label, max(h.n for _, h in held), top + deep / 2 + 3.5)
        parts += [_bar(h, scale, top + 4 + n * _ROW, place, unit) for n, (place, h) in enumerate(held)]
        top += deep
    grid = _grid(
        scale, top, [(v, figure(v, unit)) for v in scale.ticks(4)] if unit else [(v, f"{v:g}") for v in _SHARES]
    )
    return picture(_WIDTH, top + LINE_HEIGHT + 6, title, *grid, *parts)


def _present(held: Sequence[_T | None]) -> list[tuple[int, _T]]:
    """What is there, with its place."""
    return [(place, one) for place, one in enumerate(held) if one is not None]


def _grid(scale: Scale, bottom: float, ticks: Sequence[tuple[float, str]]) -> list[Markup]:
    lines = [line(scale(value), 2, scale(value), bottom, "grid") for value, _ in ticks]
    return lines + [words(scale(value), bottom + LINE_HEIGHT, label, "soft", "middle") for value, label in ticks]


def _named(label: str, n: int, y: float) -> list[Markup]:
    """The name of a row and the number of its questions."""
    return [words(_LABELS - 34, y, shortened(label, 13), "", "end"), words(_LABELS - 8, y, n, "soft", "end")]


def _bar(held: Interval, scale: Scale, top: float, place: int, unit: str) -> Markup:
    middle = top + _ROW / 2 - 1
    return Markup("").join(
        (
            box(scale.start, top, scale(held.mean) - scale.start, _ROW - 2, f"bar r{place % 4}"),
            line(scale(held.low), middle, scale(held.high), middle, "error"),
            words(_WIDTH, middle + 4.5, figure(held.mean, unit), "small", "end"),
        )
    )


def ranges(title: str, rows: Sequence[tuple[str, Sequence[tuple[float, float] | None]]]) -> Markup:
    """From the median to the 95th percentile in seconds, a line a run."""
    most = max((pair[1] for _, held in rows for pair in held if pair), default=1.0) or 1.0
    scale, top, parts = Scale(0, most, _LABELS, _WIDTH - 112), 4.0, []
    for label, all_runs in rows:
        held = _present(all_runs)
        deep = len(held) * (_ROW + 2) + 10
        parts.append(words(_LABELS - 8, top + deep / 2 + 3, shortened(label, 17), "", "end"))
        parts += [_range(pair, scale, top + 12 + n * (_ROW + 2), place) for n, (place, pair) in enumerate(held)]
        top += deep
    grid = _grid(scale, top, [(value, figure(value, "s")) for value in scale.ticks(3)])
    head = words(_WIDTH, top + LINE_HEIGHT, "median · 95 %", "soft", "end")
    return picture(_WIDTH, top + LINE_HEIGHT + 6, title, *grid, *parts, head)


def _range(pair: tuple[float, float], scale: Scale, y: float, place: int) -> Markup:
    median, late = pair
    end = scale(late)
    return Markup("").join(
        (
            line(scale(median), y, end, y, f"whisker r{place % 4}"),
            line(end, y - 4, end, y + 4, f"whisker r{place % 4}"),
            mark(scale(median), y, place),
            words(_WIDTH, y + 4.5, f"{figure(median, 's')} · {figure(late, 's')}", "small", "end"),
        )
    )


def curves(title: str, lines: Sequence[Curve], highest: float = 1.0) -> Markup:
    """Wrong answers over coverage as steps; each ends at a sign, and words at the top say where it stands."""
    top = 16.0 + LINE_HEIGHT * len(lines)
    x, y = Scale(0, 1, 46, _WIDTH - 16), Scale(0, highest, top + 180, top)
    parts = frame(y, x.start, x.end)
    for value in _SHARES:
        parts.append(words(x(value), y.start + LINE_HEIGHT + 2, percent(value), "soft", "middle"))
    parts.append(words(x.end, y.start + 2 * LINE_HEIGHT + 3, "share of all questions answered →", "soft", "end"))
    for n, curve in enumerate(lines):
        left, high = (x(curve.points[-1][0]), y(curve.points[-1][1]))
        at = 8.0 + n * LINE_HEIGHT
        anchor = "end" if left > _WIDTH / 2 else "start"
        parts += [
            path([(x(a), y(b)) for a, b in stairs(curve.points)], f"curve r{curve.place % 4}"),
            line(left, at + 6, left, high, f"leader r{curve.place % 4}"),
            mark(left, high, curve.place),
            words(left, at, f"{shortened(curve.name, 14)} {curve.says}", f"named small r{curve.place % 4}", anchor),
        ]
    return picture(_WIDTH, y.start + 38, title, *parts)


def frame(y: Scale, left: float, right: float) -> list[Markup]:
    """Shares upwards: a line and a figure at each round value."""
    parts = [line(left, y.start, right, y.start, "rule")]
    for value in y.ticks(4):
        parts.append(line(left, y(value), right, y(value), "grid"))
        parts.append(words(left - 6, y(value) + 4, percent(value), "soft", "end"))
    return parts

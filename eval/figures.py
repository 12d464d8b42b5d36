"""Means, percentiles, and the table that shows them. None is a figure of nothing: no question of that sort."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
DATELINE = "Dateline"  # our own line of a table


def mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return sum(held) / len(held) if held else None


def percentile(share: float, values: Iterable[float]) -> float | None:
    """The smallest value that ``share`` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(1, math.ceil(share * len(ordered))) - 1] if ordered else None


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Columns as wide as they need; words to the left, figures to the right."""
    written = [[_written(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *written, strict=True)]
    lines = [list(headings), ["-" * width for width in widths], *written]
    return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in lines)


def probability(p: float) -> str:
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"


def _written(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _padded(text: str, width: int) -> str:
    return text.rjust(width) if text[:1].isdigit() or text == "–" else text.ljust(width)

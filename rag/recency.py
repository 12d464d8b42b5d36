"""Recency: what was published in the days before the asking is asked about more often than what is older."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

_HALF_LIFE = 14.0  # days


def lean(published: str, asked_on: date, half_life: float = _HALF_LIFE) -> float:
    """From 1 on the day of the asking, half as much every ``half_life`` days before; 0 after it and where the day
    (ISO 8601) is unknown. An archive that ended long ago is left as it is: all its leans are next to nothing."""
    age = days_before(published, asked_on)
    return 0.5 ** (age / half_life) if age is not None and age >= 0 else 0.0


@lru_cache(maxsize=10_000)
def days_before(published: str, asked_on: date) -> int | None:
    return (asked_on - date.fromisoformat(published[:10])).days if published else None

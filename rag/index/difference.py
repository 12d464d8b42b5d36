"""Difference: how an index differs from the archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """How an index differs from the archive, as sets of passage ids."""

    index: str
    missing: frozenset[str]
    surplus: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)

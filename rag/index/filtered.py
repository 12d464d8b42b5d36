"""What a filter lets pass, searched by meaning: few passages are read one by one, of many the vector index finds enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..filter import Filter
from .memory import MemoryIndex
from .passage_index import Found, Probe

# Of n passages so many times the root of n are read exactly as fast as Chroma is asked for so much more that enough of
# it passes: 63,000 of 100,000 and 200,000 of 1,000,000 (python -m eval bench search).
_READ_EXACTLY = 200
_MARGIN = 1.3  # what passes is not spread evenly

Searched = Callable[[Sequence[Probe], int], list[list[Found]]]


def nearest(exact: MemoryIndex, searched: Searched, probes: Sequence[Probe], k: int, only: Filter) -> list[list[Found]]:
    """By probe the k best passages that pass, best first; ``searched`` asks the vector index, which knows no filters."""
    allowed = exact.allowed(only)
    if allowed is None:
        return searched(probes, k)
    passing, size = int(np.count_nonzero(allowed)), len(allowed)
    if passing <= _READ_EXACTLY * size**0.5:
        return exact.search_all(probes, k, allowed)
    lists = [_passing(exact, found, allowed)[:k] for found in searched(probes, int(_MARGIN * k * size / passing))]
    return lists if min(map(len, lists)) >= k else exact.search_all(probes, k, allowed)


def merged(found: Sequence[Found], tail: Sequence[Found], k: int) -> list[Found]:
    """The best k of both, each passage once."""
    if not tail:
        return list(found[:k])
    best = {f.passage_id: f for f in (*tail, *found)}
    return sorted(best.values(), key=lambda f: -f.score)[:k]


def _passing(exact: MemoryIndex, found: Sequence[Found], allowed: np.ndarray) -> list[Found]:
    rows = exact.rows([f.passage_id for f in found])
    passes = (rows >= 0) & allowed[rows]
    return [f for f, one in zip(found, passes.tolist(), strict=True) if one]

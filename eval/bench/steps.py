"""Where the time of a question goes, step by step, over a made archive (see `synthetic`).

The model embeds each question for its time, and the made vectors are searched for. Seconds of the clock, so that steps
side by side count once; quote the shares. The steps are those that the searcher's parts take when they are asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.embedder import Embedder, embedder_named
from rag.search import Searcher

from .filled import Answering, filled
from .synthetic import Newsroom

_WARM_UP = 5
_TOTAL, _REST = "a question", "ranking and sharing out places"
# The part of a searcher and its method that is timed, by what it does.
_STEPS = {
    "understanding": ("", "understand"),
    "embedding the clauses": ("embedder", "vectors"),
    "both indexes, side by side": ("indexes", "found"),
    "cards of what was found": ("indexes", "listed"),
    "reading the best from the archive": ("archive", "usable"),
    "their sentence vectors": ("archive", "sentence_vectors"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Milliseconds of one step, and its share of the mean question."""

    name: str
    median: float
    p95: float
    share: float


class Reading(Answering):
    """Computes what it is asked as ``model`` would, and answers what it was told."""

    def __init__(self, model: Embedder) -> None:
        super().__init__()
        self._model = model

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        self._model.vectors(texts)
        return super().vectors(texts)


def measure(work: Path, passages: int, questions: int) -> list[Step]:
    """So many questions of four clauses, each asked once."""
    folder = filled(work / str(passages), passages)
    room, reading = Newsroom(passages), Reading(embedder_named())
    searcher, watch = Searcher.open(folder, reading), _Watch()
    for name, (part, method) in _STEPS.items():
        watch.over(name, getattr(searcher, part) if part else searcher, method)
    for _ in range(_WARM_UP + questions):
        asked = room.question()
        reading.expect(asked)
        watch.question(lambda asked=asked: searcher.search(searcher.understand(asked.text)))
    searcher.close()
    return watch.steps(_WARM_UP)


def shown(steps: Sequence[Step]) -> str:
    rows = [f"| {s.name} | {s.median:.1f} | {s.p95:.1f} | {s.share:.0%} |" for s in steps]
    return "\n".join(["| | median, ms | p95, ms | share |", "|---|---|---|---|", *rows])


class _Watch:
    """Seconds by step, one a question."""

    def __init__(self) -> None:
        self._taken: dict[str, list[float]] = {name: [] for name in (*_STEPS, _REST, _TOTAL)}

    def over(self, name: str, part: Any, method: str) -> None:
        """From now on the time of this method of this part is taken."""
        call, taken = getattr(part, method), self._taken[name]

        def timed(*given: Any) -> Any:
            began = time.perf_counter()
            found = call(*given)
            taken[-1] += time.perf_counter() - began
            return found

        setattr(part, method, timed)

    def question(self, ask: Callable[[], object]) -> None:
        for taken in self._taken.values():
            taken.append(0.0)
        began = time.perf_counter()
        ask()
        self._taken[_TOTAL][-1] = time.perf_counter() - began
        self._taken[_REST][-1] = self._taken[_TOTAL][-1] - sum(self._taken[name][-1] for name in _STEPS)

    def steps(self, after: int) -> list[Step]:
        whole = float(np.mean(self._taken[_TOTAL][after:]))
        return [_step(name, taken[after:], whole) for name, taken in self._taken.items()]


def _step(name: str, seconds: Sequence[float], whole: float) -> Step:
    median, p95 = np.quantile(seconds, (0.5, 0.95))
    return Step(name, float(median) * 1e3, float(p95) * 1e3, float(np.mean(seconds)) / whole)

"""The smallest index: every vector in memory, searched exactly. Also the tail that Chroma has not got yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..clock import utc_now
from ..filter import Filter
from ..stored_passage import StoredPassage
from .cards import CARD, Cards, card, numbers
from .passage_index import Found, Listed, Probe

# Vectors at once: what is gathered stays in the processor's cache, and OpenBLAS takes one thread, as the other core is
# searching by words (with two that wait for each other it was up to three times as slow).
_CHUNK = 128


class MemoryIndex:
    """Cosine over all vectors, or over those that a filter lets pass."""

    def __init__(self, name: str = "dense") -> None:
        self.name = name
        self.edition: int | None = None
        self._empty()

    def add(self, passages: Sequence[StoredPassage]) -> None:
        self.edition = None
        if passages:
            places = numbers((stored.article.publisher for stored in passages), self._names)
            new = np.array([card(stored, places[stored.article.publisher]) for stored in passages], dtype=CARD)
            vectors = np.array([stored.vector for stored in passages], dtype=np.float32)
            self._hold(*self._grown(new, vectors))

    def remove(self, ids: Sequence[str]) -> None:
        self.edition = None
        rows = self._cards.rows(ids)
        if (rows >= 0).any():
            self._hold(*self._blanked(rows[rows >= 0]))

    def search(self, probe: Probe, k: int) -> list[Found]:
        return self.search_all([probe], k)[0]

    def search_all(self, probes: Sequence[Probe], k: int, allowed: np.ndarray | None = None) -> list[list[Found]]:
        """By probe at most k passages, best first; ``allowed`` (by row) leaves out the others."""
        rows = np.flatnonzero(self._cards.allowed(Filter(), utc_now()) if allowed is None else allowed)
        if not len(rows) or k < 1:
            return [[] for _ in probes]
        scores = self._scores(np.stack([probe.vector for probe in probes], axis=1), rows)
        return [self._best(column, rows, k) for column in scores.T]

    def allowed(self, only: Filter) -> np.ndarray | None:
        """By row whether a filter lets it pass now; None for a filter that asks for nothing."""
        return self._cards.allowed(only, utc_now()) if only else None

    def listed(self, ids: Sequence[str], only: Filter) -> tuple[dict[str, Listed], list[str]]:
        """What is known of those of the passages that may be used now and pass; and which of them it does not know."""
        return self._cards.listed(ids, only, utc_now())

    def rows(self, ids: Sequence[str]) -> np.ndarray:
        """The row of each id, -1 where there is none."""
        return self._cards.rows(ids)

    def size(self) -> int:
        return self._cards.size()

    def ids(self) -> set[str]:
        return set(self._cards.ids())

    def mark(self, edition: int) -> None:
        self.edition = edition

    def clear(self) -> None:
        self.edition = None
        self._empty()

    def close(self) -> None:
        """Nothing to let go."""

    def _empty(self) -> None:
        self._names: list[str] = []
        self._hold(np.empty(0, CARD), np.empty((0, 0), np.float32))

    def _hold(self, rows: np.ndarray, vectors: np.ndarray) -> None:
        self._cards, self._vectors, self._rows = Cards(rows, self._names), vectors, rows

    def _grown(self, rows: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not len(self._rows):
            return rows, vectors
        return np.concatenate([self._rows, rows]), np.concatenate([self._vectors, vectors])

    def _blanked(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        kept = np.ones(len(self._rows), dtype=bool)
        kept[rows] = False
        return self._rows[kept], self._vectors[kept]

    def _scores(self, wanted: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The cosines of these rows with each column of ``wanted``, shape (rows, columns)."""
        vectors, wanted = np.asarray(self._vectors), np.ascontiguousarray(wanted, np.float32)
        scores = np.empty((len(rows), wanted.shape[1]), np.float32)
        gathered = np.empty((_CHUNK, len(wanted)), np.float32)
        for begin in range(0, len(rows), _CHUNK):
            chunk = rows[begin : begin + _CHUNK]
            held = np.take(vectors, chunk, axis=0, out=gathered[: len(chunk)], mode="clip")  # "raise" would copy
            np.matmul(held, wanted, out=scores[begin : begin + _CHUNK])
        return scores

    def _best(self, scores: np.ndarray, rows: np.ndarray, k: int) -> list[Found]:
        few = np.argpartition(-scores, k)[:k] if k < len(scores) else np.arange(len(scores))
        few = few[np.argsort(-scores[few], kind="stable")]
        return [Found(i, score) for i, score in zip(self._cards.ids(rows[few]), scores[few].tolist(), strict=True)]

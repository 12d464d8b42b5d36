"""The smallest index: every vector in memory, searched exactly. Also the tail that Chroma has not got yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..archive import StoredPassage
from .passage_index import Found, Probe


class MemoryIndex:
    """Cosine over all vectors: 5 ms at 100,000 passages and 150 MB (384 dimensions)."""

    def __init__(self, name: str = "dense") -> None:
        self.name = name
        self.edition: int | None = None
        self._vectors: dict[str, np.ndarray] = {}
        self._stacked: tuple[list[str], np.ndarray] | None = None

    def add(self, passages: Sequence[StoredPassage]) -> None:
        self.edition = None
        self._vectors |= {stored.passage.id: stored.vector for stored in passages}
        self._stacked = None

    def remove(self, ids: Sequence[str]) -> None:
        self.edition = None
        for passage_id in ids:
            self._vectors.pop(passage_id, None)
        self._stacked = None

    def search(self, probe: Probe, k: int) -> list[Found]:
        ids, matrix = self._matrix()
        if not ids:
            return []
        scores = matrix @ probe.vector
        best = np.argsort(-scores, kind="stable")[:k]
        return [Found(ids[i], float(scores[i])) for i in best]

    def size(self) -> int:
        return len(self._vectors)

    def ids(self) -> set[str]:
        return set(self._vectors)

    def mark(self, edition: int) -> None:
        self.edition = edition

    def clear(self) -> None:
        self.remove(list(self._vectors))

    def close(self) -> None:
        """Nothing to let go."""

    def _matrix(self) -> tuple[list[str], np.ndarray]:
        if self._stacked is None:
            self._stacked = (list(self._vectors), np.array(list(self._vectors.values()), dtype=np.float32))
        return self._stacked

"""The contract of an index, the seam between the archive and what searches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from ..stored_passage import StoredPassage


@dataclass(frozen=True, slots=True)
class Probe:
    """What is looked for: the words and, for an index of vectors, their vector (float32, length 1)."""

    text: str
    vector: np.ndarray


class Found(NamedTuple):
    """A passage id and its score in the index that found it; higher is better, scales differ between indexes.

    A tuple, as a question makes three thousand of them: that takes a third of the time of frozen dataclasses.
    """

    passage_id: str
    score: float


class Listed(NamedTuple):
    """What a passage is ranked by before its article is read; the fields are `rag.article.Article`'s of the same names."""

    passage_id: str
    article_id: str
    publisher: str
    published: str
    updated: str
    position: int

    @property
    def bylines(self) -> tuple[str, ...]:
        """Known only to who reads the article."""
        return ()


@runtime_checkable
class PassageIndex(Protocol):
    """An index holds ids and whatever it searches by; texts stay in the archive.

    ``edition`` is the edition of the archive that it reflects, None while that is in doubt (being written, killed
    while being written, new). Writing begins by setting it None and ends with `mark`.
    """

    name: str

    @property
    def edition(self) -> int | None: ...

    def add(self, passages: Sequence[StoredPassage]) -> None:
        """Adds passages whose ids are not there yet."""

    def remove(self, ids: Sequence[str]) -> None:
        """Forgets these ids; an id that is not there is passed over."""

    def search(self, probe: Probe, k: int) -> list[Found]:
        """At most k passages, best first."""

    def size(self) -> int:
        """How many passages are held."""

    def ids(self) -> set[str]: ...

    def mark(self, edition: int) -> None:
        """Everything up to this edition is in, and on disk where the index lives on one."""

    def clear(self) -> None:
        """Forgets everything."""

    def close(self) -> None:
        """Lets go of files and connections."""

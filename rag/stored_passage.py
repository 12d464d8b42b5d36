"""StoredPassage: a passage as the archive gives it to whoever indexes or shows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .article import Article
from .passage import Passage


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it stands in and its vector (float32, length 1).

    ``earliest`` is the first publication that any version of the article states, None where only this one was asked.
    """

    passage: Passage
    article: Article
    vector: np.ndarray
    earliest: str | None = None

    @property
    def first(self) -> str:
        return self.article.published if self.earliest is None else self.earliest

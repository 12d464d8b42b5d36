"""The contract of a reader, the seam for source formats: see docs/add-a-reader.md for the walk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from rag.article import Article
from rag.errors import ReaderError

from ..lead import Lead
from ..source import Source


@runtime_checkable
class Reader(Protocol):
    """Makes articles of one source format.

    ``accepts`` looks at the content first and the name second, and is cheap. ``read`` yields one item for each
    record of the source, in order: an Article, a Lead to one that stands elsewhere, or a ReaderError for a record
    that makes none (it is quarantined alone, the others are kept). It may raise ReaderError where the whole source is
    unreadable.
    """

    name: str

    def accepts(self, source: Source) -> bool: ...

    def read(self, source: Source) -> Iterator[Article | Lead | ReaderError]: ...

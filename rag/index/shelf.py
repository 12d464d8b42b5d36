"""Shelf: where the indexes of one archive lie and how each is opened: folders beside the archive, or a Chroma server."""

from __future__ import annotations

from contextlib import suppress
from typing import TypeVar

from ..archive import Archive
from .chroma import ChromaIndex, ChromaServerIndex
from .exact import ExactIndex
from .lexical import LexicalIndex
from .passage_index import PassageIndex

_OnDisk = TypeVar("_OnDisk", ChromaIndex, LexicalIndex, ExactIndex)
_Read = TypeVar("_Read", LexicalIndex, ExactIndex)
_NAMES: dict[type, str] = {ChromaIndex: "chroma", LexicalIndex: "lexical", ExactIndex: "exact"}


class Shelf:
    """``chroma_url`` is that of the server, None for the archive's own folder."""

    def __init__(self, archive: Archive, chroma_url: str | None) -> None:
        self.chroma_url = chroma_url or None
        self._archive = archive
        self._folders = {kind: archive.directory / name for kind, name in _NAMES.items()}

    def settled_edition(self) -> int | None:
        """The edition that a finished writer left with the vectors; None while they are in doubt."""
        return self.vectors().edition if self.chroma_url else ChromaIndex.settled_edition(self._folders[ChromaIndex])

    def vectors(self) -> ChromaIndex | ChromaServerIndex:
        """As they lie there; never while their own folder is in doubt."""
        if self.chroma_url:
            return ChromaServerIndex(self.chroma_url, f"dateline-{self._archive.setting('name')}")
        return ChromaIndex(self._folders[ChromaIndex])

    def vectors_to_write(self) -> ChromaIndex | ChromaServerIndex:
        """Only under the writer's lock: a folder in doubt is thrown away before Chroma may touch it."""
        if self.chroma_url:
            return self.vectors()
        if self.settled_edition() is None:
            ChromaIndex.discard(self._folders[ChromaIndex])
        return self.to_write(ChromaIndex)

    def to_write(self, kind: type[_OnDisk]) -> _OnDisk:
        """Only under the writer's lock: what cannot be opened is thrown away and begun anew."""
        folder = self._folders[kind]
        try:
            return kind(folder)
        except Exception:  # damaged, and no library has one error for that
            kind.discard(folder)
            return kind(folder)

    def followed(self, index: PassageIndex, kind: type[_Read]) -> _Read:
        """What another process has written since ``index`` was opened."""
        if not isinstance(index, kind):
            return kind(self._folders[kind])
        index.refresh()
        return index

    def as_it_lies(self, kind: type[_OnDisk]) -> _OnDisk | ChromaServerIndex | None:
        """Nothing made or mended; None where there is nothing that can be opened."""
        with suppress(Exception):
            if kind is ChromaIndex:
                return self.vectors() if self.chroma_url or self.settled_edition() is not None else None
            if self._folders[kind].exists():
                return kind(self._folders[kind])
        return None

    def doubt_vectors(self) -> None:
        """Whoever opens them next fills them anew; a server's are not ours to doubt."""
        if not self.chroma_url:
            ChromaIndex.doubt(self._folders[ChromaIndex])

    def forget_vectors(self, vectors: PassageIndex) -> None:
        if self.chroma_url:
            vectors.clear()
        else:
            vectors.close()
            ChromaIndex.discard(self._folders[ChromaIndex])

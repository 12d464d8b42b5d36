"""IndexPair: the vector index and the lexical index of one archive, kept in step with it.

The archive is the record. Here stands how an index that lags, was killed or was lost is brought back: by the
difference between sets of ids, or from nothing, and never by embedding anything again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from filelock import FileLock, Timeout

from ..archive import Archive, StoredPassage
from ..errors import ArchiveBusy
from ..failpoint import failpoint
from .chroma import ChromaIndex, ChromaServerIndex
from .lexical import LexicalIndex
from .memory import MemoryIndex
from .passage_index import Found, PassageIndex, Probe

_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """How an index differs from the archive, as sets of passage ids."""

    index: str
    missing: frozenset[str]
    surplus: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)


class IndexPair:
    """Open it with `for_reading` or `for_writing`; a reader that finds the indexes out of step mends them itself
    unless a writer is at work, and then searches what Chroma lacks exactly, in memory."""

    def __init__(self, archive: Archive, chroma_url: str | None, lock: FileLock | None) -> None:
        self.archive = archive
        self._chroma_url = chroma_url
        self._lock = lock
        self._tail = MemoryIndex()
        self._covered = 0
        self._turn = threading.RLock()
        self.vectors: PassageIndex = MemoryIndex()  # until `catch_up` or `_follow` opens the real one
        self.lexical = _lexical(archive)

    @classmethod
    def for_writing(cls, archive: Archive, chroma_url: str | None = None) -> IndexPair:
        """Raises ArchiveBusy at once where another process is writing. A Chroma server's URL is kept in the archive."""
        lock = cls.lock_of(archive)
        if lock is None:
            raise ArchiveBusy(archive.directory)
        if chroma_url and chroma_url != archive.setting("chroma_url"):
            archive.set("chroma_url", chroma_url)
        pair = cls(archive, archive.setting("chroma_url"), lock)
        pair.catch_up()
        return pair

    @classmethod
    def for_reading(cls, archive: Archive) -> IndexPair:
        lock = cls.lock_of(archive)
        pair = cls(archive, archive.setting("chroma_url"), lock)
        if lock is None:
            pair._follow()
        else:
            pair.catch_up()
            pair.release()
        return pair

    @classmethod
    def for_inspection(cls, archive: Archive) -> IndexPair:
        """As it lies on the disk, nothing mended. Raises ArchiveBusy where another process is writing."""
        lock = cls.lock_of(archive)
        if lock is None:
            raise ArchiveBusy(archive.directory)
        pair = cls(archive, archive.setting("chroma_url"), lock)
        if pair._settled_edition() is not None:
            pair.vectors = pair._open_vectors()
        return pair

    @staticmethod
    def lock_of(archive: Archive) -> FileLock | None:
        """The writer's lock, or None where another process has it; the kernel frees it when its holder dies."""
        lock = FileLock(archive.directory / "writer.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except (Timeout, PermissionError):
            return None
        return lock

    # -- searching --------------------------------------------------------------------------------------------------

    def dense(self, probe: Probe, k: int) -> list[Found]:
        best: dict[str, Found] = {}
        with self._turn:
            for found in self.vectors.search(probe, k) + self._tail.search(probe, k):
                best.setdefault(found.passage_id, found)
        return sorted(best.values(), key=lambda f: -f.score)[:k]

    def sparse(self, probe: Probe, k: int) -> list[Found]:
        return self.lexical.search(probe, k)

    def refresh(self) -> None:
        """Sees what another process has ingested since; costs one small query where nothing has changed."""
        with self._turn:
            if self._lock is None and self.archive.edition != self._covered:
                self._follow()

    # -- writing ----------------------------------------------------------------------------------------------------

    def apply(self, added: Sequence[StoredPassage], removed: Sequence[str]) -> None:
        """Takes over one change of the archive, after the archive has committed it."""
        for index in (self.vectors, self.lexical):
            if removed:
                index.remove(removed)
            if added:
                index.add(added)
            failpoint("between-indexes")

    def settle(self) -> None:
        """Says that both indexes hold the archive as it is now."""
        edition = self.archive.edition
        for index in (self.vectors, self.lexical):
            if index.edition != edition:
                index.mark(edition)
        self._covered = edition

    def release(self) -> None:
        """Lets other processes write; what was opened for reading goes on answering."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def close(self) -> None:
        """Lets go of the files as well; nothing can be searched afterwards."""
        self.release()
        self.vectors.close()

    # -- upkeep -----------------------------------------------------------------------------------------------------

    def differences(self) -> list[Difference]:
        """Exact sets, both ways, for each index; empty differences are left out."""
        wanted = self.archive.passage_ids()
        found = []
        for index in (self.vectors, self.lexical):
            held = index.ids()
            found.append(Difference(index.name, frozenset(wanted - held), frozenset(held - wanted)))
        return [difference for difference in found if difference]

    def catch_up(self) -> None:
        """Mends whichever index does not reflect this edition of the archive. Only under the writer's lock."""
        self.vectors = self._open_vectors()
        edition, size = self.archive.edition, self.archive.size()
        for index in (self.vectors, self.lexical):
            if index.edition != edition or index.size() != size:
                self._mend(index)
                index.mark(edition)
        self._covered = edition

    def rebuild(self, progress: Callable[[str, int], None] | None = None) -> None:
        """Fills both indexes from nothing, out of the archive's own vectors; ``progress`` hears (index, passages added)."""
        for index in (self.vectors, self.lexical):
            index.clear()
            for chunk in _chunks(self.archive.passages_since()):
                index.add(chunk)
                if progress:
                    progress(index.name, len(chunk))
            index.mark(self.archive.edition)
        self._covered = self.archive.edition

    def forget_vectors(self) -> None:
        """Empties the vector index; whoever opens it next fills it from the archive."""
        if self._chroma_url:
            self.vectors.clear()
        else:
            self.vectors.close()
            ChromaIndex.discard(self._chroma_directory)

    def _mend(self, index: PassageIndex) -> None:
        wanted, held = self.archive.passage_ids(), index.ids()
        surplus, missing = sorted(held - wanted), sorted(wanted - held)
        if surplus:
            index.remove(surplus)
        for begin in range(0, len(missing), _CHUNK):
            index.add(list(self.archive.stored(missing[begin : begin + _CHUNK]).values()))

    def _follow(self) -> None:
        """A reader's step: take over what a writer has finished; hold in memory what it is still writing."""
        edition = self.archive.edition
        self.lexical.refresh()
        if self._settled_edition() == edition:
            self.vectors = self._open_vectors()
            self._tail.clear()
        else:
            if self._chroma_url:
                self.vectors = self._open_vectors()  # a server may be asked while it is written to
            self._tail.add(list(self.archive.passages_since(self._covered)))
        self._covered = edition

    def _settled_edition(self) -> int | None:
        if self._chroma_url:
            return self._open_vectors().edition
        return ChromaIndex.settled_edition(self._chroma_directory)

    def _open_vectors(self) -> PassageIndex:
        self.vectors.close()
        if self._chroma_url:
            return ChromaServerIndex(self._chroma_url, f"dateline-{self.archive.setting('name')}")
        directory = self._chroma_directory
        if ChromaIndex.settled_edition(directory) is None:
            ChromaIndex.discard(directory)
        return ChromaIndex(directory)

    @property
    def _chroma_directory(self) -> Path:
        return self.archive.directory / "chroma"


def _lexical(archive: Archive) -> LexicalIndex:
    return LexicalIndex(archive.directory / "lexical")


def _chunks(items: Iterable[StoredPassage]) -> Iterator[list[StoredPassage]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk

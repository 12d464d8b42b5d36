"""IndexPair: the vector index and the lexical index of one archive, kept in step with it, and the exact index that both
need for filters.

The archive is the record. Here stands how an index that lags, was killed or was lost is brought back: by the
difference between sets of ids, or from nothing, and never by embedding anything again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from ..archive import Archive, StoredPassage
from ..errors import ArchiveBusy
from ..failpoint import failpoint
from ..filter import Filter
from .chroma import ChromaIndex, ChromaServerIndex
from .difference import Difference
from .exact import ExactIndex
from .filtered import merged, nearest
from .lexical import LexicalIndex
from .memory import MemoryIndex
from .passage_index import Found, Listed, PassageIndex, Probe

_CHUNK = 5_000
_OnDisk = TypeVar("_OnDisk", ChromaIndex, LexicalIndex, ExactIndex)


class IndexPair:
    """Open it with `for_reading` or `for_writing`; a reader that finds the indexes out of step mends them itself
    unless a writer is at work, and then searches what Chroma lacks exactly, in memory."""

    def __init__(self, archive: Archive, chroma_url: str | None, lock: FileLock | None) -> None:
        self.archive = archive
        self._chroma_url = chroma_url or None
        self._lock = lock
        self._tail = MemoryIndex()
        self._covered = 0
        self._turn = threading.RLock()
        # Until `catch_up`, `_follow` or `_as_it_lies` opens the real ones.
        self.vectors: PassageIndex = MemoryIndex("dense")
        self.lexical: PassageIndex = MemoryIndex("lexical")
        self.exact: MemoryIndex = MemoryIndex("exact")
        self._beside = ThreadPoolExecutor(1, "lexical")  # tantivy lets go of Python's lock while it searches

    @classmethod
    def for_writing(cls, archive: Archive, chroma_url: str | None = None) -> IndexPair:
        """Raises ArchiveBusy at once where another process is writing. The URL of a Chroma server is kept in the archive
        once the server has answered; ``none`` goes back to the archive's own folder."""
        lock = cls.lock_of(archive)
        if lock is None:
            raise ArchiveBusy(archive.directory)
        url = archive.setting("chroma_url") if chroma_url is None else chroma_url.removeprefix("none")
        pair = cls(archive, url, lock)
        pair._or_release(pair.catch_up)
        if url is not None and url != archive.setting("chroma_url"):
            archive.set("chroma_url", url)
        return pair

    @classmethod
    def for_reading(cls, archive: Archive) -> IndexPair:
        lock = cls.lock_of(archive)
        pair = cls(archive, archive.setting("chroma_url"), lock)
        pair._or_release(pair._follow if lock is None else pair.catch_up)
        pair.release()
        return pair

    @classmethod
    def for_inspection(cls, archive: Archive) -> IndexPair:
        """As it lies on the disk, nothing mended. Raises ArchiveBusy where another process is writing."""
        lock = cls.lock_of(archive)
        if lock is None:
            raise ArchiveBusy(archive.directory)
        pair = cls(archive, archive.setting("chroma_url"), lock)
        pair._or_release(pair._as_it_lies)
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

    @property
    def is_served(self) -> bool:
        """Whether the vectors lie in a Chroma server, whose disk is not ours to see."""
        return bool(self._chroma_url)

    # -- searching --------------------------------------------------------------------------------------------------

    def found(self, probes: Sequence[Probe], k: int, only: Filter = Filter()) -> list[tuple[list[Found], list[Found]]]:
        """By probe at most k passages by meaning and k by words that the filter lets pass, best first. ``as_of`` keeps
        what may have stood that day, and an index may lag: the archive has the last word."""
        by_words = self._beside.submit(lambda: [self.lexical.search(probe, k, only) for probe in probes])
        return list(zip(self._by_meaning(probes, k, only), by_words.result(), strict=True))

    def listed(self, ids: Sequence[str], only: Filter = Filter()) -> dict[str, Listed]:
        """What is known of those of these passages that may be used now and pass the filter, without their articles; of
        what another process has just written the archive tells."""
        with self._turn:
            listed, unknown = self.exact.listed(ids, only)
            if self._tail.size():
                more, unknown = self._tail.listed(unknown, only)
                listed |= more
        if unknown:
            rest = MemoryIndex()
            rest.add(list(self.archive.stored(unknown).values()))
            listed |= rest.listed(list(rest.ids()), only)[0]
        return listed

    def dense(self, probe: Probe, k: int) -> list[Found]:
        return self._by_meaning([probe], k, Filter())[0]

    def sparse(self, probe: Probe, k: int) -> list[Found]:
        return self.lexical.search(probe, k)

    def _by_meaning(self, probes: Sequence[Probe], k: int, only: Filter) -> list[list[Found]]:
        with self._turn:
            near = self._tail.search_all(probes, k, self._tail.allowed(only))
            found = nearest(self.exact, self._searched, probes, k, only)
        return [merged(*pair, k) for pair in zip(found, near, strict=True)]

    def refresh(self) -> None:
        """Sees what another process has ingested since; costs one small query where nothing has changed."""
        with self._turn:
            if self._lock is None and (self.archive.edition != self._covered or self._tail_can_go()):
                self._follow()

    # -- writing ----------------------------------------------------------------------------------------------------

    def apply(self, added: Sequence[StoredPassage], removed: Sequence[str]) -> None:
        """Takes over one change of the archive, after the archive has committed it."""
        for index in self._all:
            if removed:
                index.remove(removed)
            if added:
                index.add(added)
            failpoint("between-indexes")

    def settle(self) -> None:
        """Says that the indexes hold the archive as it is now."""
        edition = self.archive.edition
        for index in self._all:
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
        self._beside.shutdown()
        self.vectors.close()
        self.exact.close()

    @property
    def _all(self) -> tuple[PassageIndex, ...]:
        """In the order in which they are written: readers go by the edition of the vector index."""
        return self.exact, self.vectors, self.lexical

    # -- upkeep -----------------------------------------------------------------------------------------------------

    def differences(self) -> list[Difference]:
        """Exact sets, both ways, for each index; empty differences are left out."""
        wanted = self.archive.passage_ids()
        found = []
        for index in self._all:
            held = index.ids()
            found.append(Difference(index.name, frozenset(wanted - held), frozenset(held - wanted)))
        return [difference for difference in found if difference]

    def catch_up(self) -> None:
        """Mends whichever index does not reflect this edition of the archive. Only under the writer's lock."""
        self.vectors = self._open_vectors()
        self.lexical = _opened(LexicalIndex, self._lexical_directory)
        self.exact = _opened(ExactIndex, self._exact_directory)
        for index in self._all:
            self._bring_in_step(index)
        self._covered = self.archive.edition

    def _bring_in_step(self, index: PassageIndex) -> None:
        edition, size = self.archive.edition, self.archive.size()
        try:
            if index.edition == edition and index.size() == size:
                return
            self._mend(index)
        except Exception:  # what lies on the disk is damaged, and neither library has one error for that
            index.clear()
            self._fill(index)
        index.mark(edition)

    def rebuild(self, progress: Callable[[str, int], None] | None = None) -> None:
        """Fills the indexes from nothing, out of the archive's own vectors; ``progress`` hears (index, passages added)."""
        for index in self._all:
            index.clear()
            self._fill(index, progress)
            index.mark(self.archive.edition)
        self._covered = self.archive.edition

    def _fill(self, index: PassageIndex, progress: Callable[[str, int], None] | None = None) -> None:
        for chunk in _chunks(self.archive.passages_since()):
            index.add(chunk)
            if progress:
                progress(index.name, len(chunk))

    def forget_vectors(self) -> None:
        """Empties what holds vectors; whoever opens it next fills it from the archive."""
        self.exact.clear()
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

    # -- reading what others write ----------------------------------------------------------------------------------

    def _follow(self) -> None:
        """A reader's step: take over what a writer has finished; hold in memory what it is still writing."""
        edition = self.archive.edition
        self.exact = _followed(self.exact, ExactIndex, self._exact_directory)
        self.lexical = _followed(self.lexical, LexicalIndex, self._lexical_directory)
        if self._settled_edition() == edition:
            self.vectors.close()
            self.vectors = self._chroma()
            self._tail.clear()
        else:
            if self._chroma_url:
                self.vectors = self._chroma()  # a server may be asked while it is written to
            self._tail.add(list(self.archive.passages_since(self._covered)))
        self._covered = edition

    def _tail_can_go(self) -> bool:
        return self._tail.size() > 0 and self._settled_edition() == self.archive.edition

    def _searched(self, probes: Sequence[Probe], k: int) -> list[list[Found]]:
        """A vector index that breaks while it is searched is replaced by the exact one; whoever opens it next fills it
        anew."""
        try:
            return self.vectors.search_all(probes, k)
        except Exception:  # see `_bring_in_step`
            if not self._chroma_url:
                ChromaIndex.doubt(self._chroma_directory)
            self.vectors = self.exact
            return self.vectors.search_all(probes, k)

    # -- opening ----------------------------------------------------------------------------------------------------

    def _or_release(self, step: Callable[[], None]) -> None:
        try:
            step()
        except BaseException:
            self.release()
            raise

    def _as_it_lies(self) -> None:
        """What cannot be opened counts as empty."""
        if self._chroma_url or self._settled_edition() is not None:
            with suppress(Exception):
                self.vectors = self._chroma()
        if self._lexical_directory.exists():
            with suppress(Exception):
                self.lexical = LexicalIndex(self._lexical_directory)
        if self._exact_directory.exists():
            with suppress(Exception):
                self.exact = ExactIndex(self._exact_directory)

    def _open_vectors(self) -> PassageIndex:
        """Only under the writer's lock: a folder in doubt is thrown away before Chroma may touch it."""
        self.vectors.close()
        if self._chroma_url:
            return self._chroma()
        if self._settled_edition() is None:
            ChromaIndex.discard(self._chroma_directory)
        return _opened(ChromaIndex, self._chroma_directory)

    def _chroma(self) -> PassageIndex:
        if self._chroma_url:
            return ChromaServerIndex(self._chroma_url, f"dateline-{self.archive.setting('name')}")
        return ChromaIndex(self._chroma_directory)

    def _settled_edition(self) -> int | None:
        if self._chroma_url:
            return self._chroma().edition
        return ChromaIndex.settled_edition(self._chroma_directory)

    @property
    def _chroma_directory(self) -> Path:
        return self.archive.directory / "chroma"

    @property
    def _lexical_directory(self) -> Path:
        return self.archive.directory / "lexical"

    @property
    def _exact_directory(self) -> Path:
        return self.archive.directory / "exact"


def _opened(kind: type[_OnDisk], directory: Path) -> _OnDisk:
    """The index in a folder; one that cannot be opened is thrown away and begun anew. Only under the writer's lock."""
    try:
        return kind(directory)
    except Exception:  # see `_bring_in_step`
        kind.discard(directory)
        return kind(directory)


def _followed(index: PassageIndex, kind: type[_OnDisk], directory: Path) -> _OnDisk:
    """What another process has written since."""
    if not isinstance(index, kind):
        return kind(directory)
    index.refresh()
    return index


def _chunks(items: Iterable[StoredPassage]) -> Iterator[list[StoredPassage]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk

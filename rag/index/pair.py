"""IndexPair: the vector index and the lexical index of one archive, kept in step with it, and the exact index that both
need for filters.

The archive is the record. `rag.index.mending` brings back what lags, was killed or was lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from filelock import FileLock, Timeout

from ..archive import Archive
from ..errors import ArchiveBusy
from ..failpoint import failpoint
from ..filter import Filter
from ..stored_passage import StoredPassage
from .chroma import ChromaIndex
from .difference import Difference
from .exact import ExactIndex
from .filtered import merged, nearest
from .lexical import LexicalIndex
from .memory import MemoryIndex
from .mending import Progress, bring_in_step, differences, fill_anew
from .passage_index import Found, Listed, PassageIndex, Probe
from .shelf import Shelf


class IndexPair:
    """Open it with `for_reading` or `for_writing`; a reader that finds the indexes out of step mends them itself
    unless a writer is at work, and then searches what Chroma lacks exactly, in memory."""

    def __init__(self, archive: Archive, chroma_url: str | None, lock: FileLock | None) -> None:
        self.archive = archive
        self._shelf = Shelf(archive, chroma_url)
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
        return bool(self._shelf.chroma_url)

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
        return differences(self._all, self.archive)

    def catch_up(self) -> None:
        """Mends whichever index does not reflect this edition of the archive. Only under the writer's lock."""
        self.vectors.close()
        self.vectors = self._shelf.vectors_to_write()
        self.lexical = self._shelf.to_write(LexicalIndex)
        self.exact = self._shelf.to_write(ExactIndex)
        for index in self._all:
            bring_in_step(index, self.archive)
        self._covered = self.archive.edition

    def rebuild(self, progress: Progress | None = None) -> None:
        """Fills the indexes from nothing, out of the archive's own vectors."""
        for index in self._all:
            fill_anew(index, self.archive, progress)
        self._covered = self.archive.edition

    def forget_vectors(self) -> None:
        """Empties what holds vectors; whoever opens it next fills it from the archive."""
        self.exact.clear()
        self._shelf.forget_vectors(self.vectors)

    # -- reading what others write ----------------------------------------------------------------------------------

    def _follow(self) -> None:
        """A reader's step: take over what a writer has finished; hold in memory what it is still writing."""
        edition = self.archive.edition
        self.exact = self._shelf.followed(self.exact, ExactIndex)
        self.lexical = self._shelf.followed(self.lexical, LexicalIndex)
        if self._shelf.settled_edition() == edition:
            self.vectors.close()
            self.vectors = self._shelf.vectors()
            self._tail.clear()
        else:
            if self.is_served:
                self.vectors = self._shelf.vectors()  # a server may be asked while it is written to
            self._tail.add(list(self.archive.passages_since(self._covered)))
        self._covered = edition

    def _tail_can_go(self) -> bool:
        return self._tail.size() > 0 and self._shelf.settled_edition() == self.archive.edition

    def _searched(self, probes: Sequence[Probe], k: int) -> list[list[Found]]:
        """A vector index that breaks while it is searched is replaced by the exact one; whoever opens it next fills it
        anew."""
        try:
            return self.vectors.search_all(probes, k)
        except Exception:  # whatever Chroma throws when its files are damaged
            self._shelf.doubt_vectors()
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
        self.vectors = self._shelf.as_it_lies(ChromaIndex) or self.vectors
        self.lexical = self._shelf.as_it_lies(LexicalIndex) or self.lexical
        self.exact = self._shelf.as_it_lies(ExactIndex) or self.exact

"""Parsing: from sources to what they hold, read by a process of its own that goes ahead while articles are embedded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from queue import Empty, Queue, SimpleQueue
from threading import Thread

from rag.errors import ReaderError

from ..source import Source, Unreadable
from .own_reader import whole
from .parcel import Item
from .workers import Terms, Worker, hired, released

_ITEMS_AHEAD = 64
_SOURCES_AHEAD = 32
_BYTES_AHEAD = 16 * 1024 * 1024


class Parser:
    """Reads sources in a parser process. A source that takes too long, takes too much memory or crashes its parser
    costs itself alone: the items before that, then a ReaderError that says so.

    ``readers`` are specs of the user's own (own_reader.py), asked before ours; one that cannot be loaded raises
    WrongUse here. ``seconds`` may pass from one item to the next; ``mebibytes`` is what reading a source may take.
    """

    def __init__(self, readers: Iterable[str] = (), *, seconds: float = 10.0, mebibytes: int = 512) -> None:
        self._terms = Terms(tuple(map(whole, readers)), seconds, mebibytes)
        if self._terms.readers:
            released(hired(self._terms))

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held between two calls: an idle process waits for the next run, and ends with this one."""

    def records(self, source: Source | Unreadable) -> Iterator[Item]:
        """What one source holds."""
        return (item for _, _, item in self.parsed((source,)))

    def parsed(self, sources: Iterable[Source | Unreadable]) -> Iterator[tuple[Source | Unreadable, int, Item]]:
        """Every item with its source and its position there, in order; the next ones are read in the meantime.

        ``sources`` are taken in the caller's thread, some of them ahead.
        """
        coming, given = iter(sources), deque[Source | Unreadable]()
        lane = _Lane(self._terms)
        try:
            while True:
                # Two for one: it gets ahead without letting the first items wait for many files.
                for source in _next_two(coming, given):
                    given.append(source)
                    lane.give(source)
                if not given:
                    return
                for position, item in enumerate(lane.items()):
                    yield given[0], position, item
                given.popleft()
        finally:
            lane.close()


def _next_two(
    coming: Iterator[Source | Unreadable], given: deque[Source | Unreadable]
) -> Iterator[Source | Unreadable]:
    for _ in range(2):
        ahead = len(given) > 1 and sum(len(source.data) for source in given) > _BYTES_AHEAD
        if ahead or len(given) > _SOURCES_AHEAD:
            return
        source = next(coming, None)
        if source is None:
            return
        yield source


class _End:
    """The end of a source."""


class _Failure:
    """No source can be read at all."""

    def __init__(self, cause: BaseException) -> None:
        self.cause = cause


class _Lane:
    """A thread that hands sources to a worker, one after the other, and keeps a bounded number of items ready."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._worker: Worker | None = None
        self._given: SimpleQueue[Source | Unreadable | None] = SimpleQueue()
        self._made: Queue[Item | _End | _Failure] = Queue(_ITEMS_AHEAD)
        self._open = 0
        self._is_closed = False
        self._thread = Thread(target=self._run, name="parsing", daemon=True)
        self._thread.start()

    def give(self, source: Source | Unreadable) -> None:
        self._open += 1
        self._given.put(source)

    def items(self) -> Iterator[Item]:
        """Those of the oldest source that was given; raises what kept the worker from being started."""
        while not isinstance(item := self._made.get(), _End):
            if isinstance(item, _Failure):
                raise item.cause
            yield item
        self._open -= 1

    def close(self) -> None:
        self._is_closed = True
        self._given.put(None)
        while self._thread.is_alive():
            if self._open and (worker := self._worker):
                worker.kill()  # in the middle of a source: a new one is quicker than reading to its end
            self._drain()
            self._thread.join(0.01)
        if self._worker:
            released(self._worker)

    def _drain(self) -> None:
        try:
            while True:
                self._made.get_nowait()
        except Empty:
            return

    def _run(self) -> None:
        try:
            while (source := self._given.get()) is not None and not self._is_closed:
                for item in self._items(source):
                    self._made.put(item)
                self._made.put(_End())
        except BaseException as cause:  # noqa: BLE001  it is the caller's thread that has to hear of it
            self._made.put(_Failure(cause))

    def _items(self, source: Source | Unreadable) -> Iterator[Item]:
        if isinstance(source, Unreadable):
            yield ReaderError(source.reason, source.data)
            return
        if self._worker and not self._worker.is_ready:
            released(self._worker)
            self._worker = None
        self._worker = self._worker or hired(self._terms)
        yield from self._worker.items(source)

"""Mending: how an index that lags, was killed or was lost is brought back from the archive: by the difference between sets
of ids, or from nothing, and never by embedding anything again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from ..archive import Archive
from .difference import Difference
from .passage_index import PassageIndex

_CHUNK = 5_000
T = TypeVar("T")
# Hears of (index, passages added).
Progress = Callable[[str, int], None]


def differences(indexes: Iterable[PassageIndex], archive: Archive) -> list[Difference]:
    """Exact sets, both ways, for each index; empty differences are left out."""
    wanted = archive.passage_ids()
    found = []
    for index in indexes:
        held = index.ids()
        found.append(Difference(index.name, frozenset(wanted - held), frozenset(held - wanted)))
    return [difference for difference in found if difference]


def bring_in_step(index: PassageIndex, archive: Archive) -> None:
    """Only under the writer's lock."""
    edition, size = archive.edition, archive.size()
    try:
        if index.edition == edition and index.size() == size:
            return
        _mend(index, archive)
    except Exception:  # what lies on the disk is damaged, and neither library has one error for that
        index.clear()
        _fill(index, archive)
    index.mark(edition)


def fill_anew(index: PassageIndex, archive: Archive, progress: Progress | None = None) -> None:
    """Out of the archive's own vectors. Only under the writer's lock."""
    index.clear()
    _fill(index, archive, progress)
    index.mark(archive.edition)


def _fill(index: PassageIndex, archive: Archive, progress: Progress | None = None) -> None:
    for chunk in _chunks(archive.passages_since()):
        index.add(chunk)
        if progress:
            progress(index.name, len(chunk))


def _mend(index: PassageIndex, archive: Archive) -> None:
    wanted, held = archive.passage_ids(), index.ids()
    surplus, missing = sorted(held - wanted), sorted(wanted - held)
    if surplus:
        index.remove(surplus)
    for part in _chunks(missing):
        index.add(list(archive.stored(part).values()))


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk

"""Source -> Article -> archive: reads the news in every form in which it travels into a Dateline archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.archive import Archive
from rag.embedder import Embedder, embedder_named
from rag.index.pair import IndexPair
from rag.ledger import Outcome, file_of

from .fetching.fetcher import Fetcher
from .field_map import FieldMap
from .gatherer import Gathered, Gatherer, paths_among
from .ingestor import Ingestor
from .report import Report
from .source import KEPT_OF_UNREADABLE, Source
from .sources import size_of

__all__ = ["Fetcher", "FieldMap", "Report", "Source", "ingest", "retry"]

Progress = Callable[[Report], None]


def ingest(
    locations: Iterable[str | Path | Source],
    into: str | Path,
    *,
    embedder: Embedder | None = None,
    chroma_url: str | None = None,
    readers: Iterable[str] = (),
    columns: FieldMap | None = None,
    follow: bool = False,
    fetcher: Fetcher | None = None,
    kills: bool = True,
    progress: Progress = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Reads files, folders, globs, web addresses and ready `Source` objects into the archive at ``into`` (made if need
    be) and says what became of each input.

    Without an ``embedder`` it is the one that made the archive, for a new one the bundled MiniLM. ``readers`` names
    further readers ("module:Class", "file.py:Class"), ``columns`` the user's own names of fields. Feeds and sitemaps
    given by address are followed; those found in files only with ``follow``. ``fetcher`` is how addresses are read: one's
    own, say, with ``allow_private``. Without ``kills`` none is obeyed: what anybody may add must not remove.
    ``progress`` hears the growing report after each record; ``stop`` is asked between two records, and a run that is
    stopped goes on where it was when it is called again. Raises ArchiveBusy, EmbedderMismatch, WrongUse.
    """
    given = list(locations)
    with _open(into, embedder, chroma_url) as (archive, ingestor):
        report = ingestor.report
        report.bytes_found = size_of(map(str, paths_among(given)))
        with Gatherer(
            archive, readers=readers, columns=columns, follow=follow, fetcher=fetcher, kills=kills
        ) as gatherer:
            _take(gatherer.gathered(given, report.read), ingestor, progress, stop)
    return report


def retry(
    into: str | Path,
    *,
    readers: Iterable[str] = (),
    columns: FieldMap | None = None,
    follow: bool = False,
    fetcher: Fetcher | None = None,
    progress: Progress = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Reads what is in quarantine once more: the file or address where it is still there, else the bytes that were kept."""
    Archive.open(into).close()  # nothing is to be made where there is no archive
    with _open(into, None, None) as (archive, ingestor):
        refused = list(archive.ledger(Outcome.QUARANTINED))
        there = dict.fromkeys(place for entry in refused if (place := still_there(entry.location)))
        with Gatherer(archive, readers=readers, columns=columns, follow=follow, fetcher=fetcher, anew=True) as gatherer:
            _take(gatherer.gathered(there), ingestor, progress, stop)
            for entry in refused:
                whole = entry.raw and len(entry.raw) < KEPT_OF_UNREADABLE
                if whole and not still_there(entry.location) and not ingestor.report.stopped:
                    again = gatherer.again(entry.location, entry.position, entry.raw or b"")
                    _take(again, ingestor, progress, stop)
    return ingestor.report


def still_there(location: str) -> str:
    """The file or address that a place in the ledger lies in, or an empty string."""
    file = file_of(location)
    return file if file.startswith(("http://", "https://")) or Path(file).exists() else ""


@contextmanager
def _open(into: str | Path, embedder: Embedder | None, chroma_url: str | None) -> Iterator[tuple[Archive, Ingestor]]:
    archive = Archive.create(into)
    try:
        indexes = IndexPair.for_writing(archive, chroma_url)
        try:
            ingestor = Ingestor(archive, indexes, embedder or embedder_named(archive.embedder_name))
            yield archive, ingestor
            ingestor.settle()
        finally:
            indexes.close()
    finally:
        archive.close()


def _take(items: Iterator[Gathered], ingestor: Ingestor, progress: Progress, stop: Callable[[], bool]) -> None:
    for gathered in items:
        ingestor.take(gathered)
        progress(ingestor.report)
        if stop():
            ingestor.report.stopped = True
            break

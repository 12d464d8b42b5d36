"""Source -> Article -> archive: reads the news in every form in which it travels into a Dateline archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from rag.archive import Archive
from rag.embedder import Embedder, embedder_named
from rag.index.pair import IndexPair

from .ingestor import Ingestor
from .report import Report
from .sources import find_sources

__all__ = ["Report", "ingest"]


def ingest(
    locations: Iterable[str | Path],
    into: str | Path,
    *,
    embedder: Embedder | None = None,
    chroma_url: str | None = None,
    progress: Callable[[Report], None] = lambda report: None,
    stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Reads files, folders and globs into the archive at ``into`` (made if need be) and says what became of each input.

    Without an ``embedder`` it is the one that made the archive, for a new one the bundled MiniLM. ``progress`` hears the
    growing report after each record; ``stop`` is asked between two records, and a run that is stopped goes on where it
    was when it is called again. Raises ArchiveBusy, EmbedderMismatch, WrongUse.
    """
    archive = Archive.create(into)
    indexes = IndexPair.for_writing(archive, chroma_url)
    try:
        ingestor = Ingestor(archive, indexes, embedder or embedder_named(archive.embedder_name))
        for report in (report for source in find_sources(map(str, locations)) for report in ingestor.take(source)):
            progress(report)
            report.stopped = stop()
            if report.stopped:
                break
        ingestor.flush()
        indexes.settle()
        return ingestor.report
    finally:
        indexes.close()
        archive.close()

"""Ingestor: takes inputs one by one, decides what each is, and writes them to the archive in whole batches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rag.archive import Archive
from rag.article import Article
from rag.embedder import Embedder, Reading
from rag.errors import EmbedderMismatch, ReaderError
from rag.failpoint import failpoint
from rag.index.pair import IndexPair
from rag.ledger import LedgerEntry, Outcome, input_id
from rag.passage import Passage
from rag.reading import embedding_key, readings_of

from .readers import reader_for
from .report import Report
from .source import Source, Unreadable
from .sources import KEPT_OF_UNREADABLE
from .splitter import split

# Passages that are embedded and committed together: two or three seconds of work on two cores.
BATCH = 96


@dataclass(frozen=True, slots=True)
class _Pending:
    article: Article
    passages: list[Passage]
    entry: LedgerEntry


class Ingestor:
    """One batch is one transaction: articles, passages, vectors and ledger are there together or not at all."""

    def __init__(self, archive: Archive, indexes: IndexPair, embedder: Embedder) -> None:
        self.report = Report()
        self._archive = archive
        self._indexes = indexes
        self._embedder = embedder
        self._pending: dict[str, _Pending] = {}
        self._entries: list[LedgerEntry] = []
        _agree(archive, embedder)

    def take(self, source: Source | Unreadable) -> Iterator[Report]:
        """Reads one source and yields the growing report after each of its records."""
        for position, item in enumerate(_records(source)):
            if isinstance(item, ReaderError):
                self._note(_quarantined(source, position, item))
            else:
                self._consider(source, position, item)
            yield self.report

    def flush(self) -> None:
        """Commits what is pending, then brings the indexes along."""
        readings = self._embedded()
        failpoint("before-commit")
        with self._archive.transaction():
            self._archive.put_embeddings(readings)
            removed, added = self._kept()
            for entry in self._entries:
                self._archive.record(entry, _now())
            if removed or added:
                self._archive.next_edition()
        failpoint("after-commit")
        self._indexes.apply(list(self._archive.stored(added).values()), removed)
        self.report.passages += len(added)
        self._pending.clear()
        self._entries.clear()

    def _kept(self) -> tuple[list[str], list[str]]:
        """Puts the pending articles into the archive; the ids of the passages that go and of those that come."""
        removed: list[str] = []
        added: list[str] = []
        for pending in self._pending.values():
            replaced = [stored.passage.id for stored in self._archive.passages_of(pending.article.id)]
            if self._archive.put_revision(pending.article, pending.entry.input_id, _now()):
                removed += replaced
                added += [passage.id for passage in pending.passages]
                self._archive.put_passages((p, embedding_key(pending.article, p)) for p in pending.passages)
        return removed, added

    def _consider(self, source: Source | Unreadable, position: int, article: Article) -> None:
        if article.id in self._pending or article.text_digest in self._pending_texts():
            self.flush()  # two versions of one story, or two copies: one after the other
        entry = self._entry(source, position, article)
        self._note(entry)
        if entry.outcome is Outcome.STORED:
            passages = split(article) if article.quotable else []
            self._pending[article.id] = _Pending(article, passages, entry)
            if sum(len(p.passages) for p in self._pending.values()) >= BATCH:
                self.flush()

    def _entry(self, source: Source | Unreadable, position: int, article: Article) -> LedgerEntry:
        outcome, reason = self._outcome(article, input_id(source.location, position))
        return LedgerEntry(
            location=source.location,
            position=position,
            outcome=outcome,
            digest=article.revision,
            reason=reason,
            article_id=article.id,
        )

    def _outcome(self, article: Article, here: str) -> tuple[Outcome, str]:
        """A revision that the archive has is stored again only if a changed input returns to it: a story may go from 12
        dead to 9 and back to 12."""
        brought_by = self._archive.input_of(article.revision)
        if brought_by and self._archive.ledger_digest(here) == article.revision:
            return Outcome.UNCHANGED, ""
        current = self._archive.article(article.id)
        if brought_by and current and (current.revision == article.revision or not article.supersedes(current)):
            return Outcome.DUPLICATE, "another input brought the same article"
        if twin := self._archive.same_text(article):
            return Outcome.DUPLICATE, f"the same words as article {twin}"
        return Outcome.STORED, ""

    def _note(self, entry: LedgerEntry) -> None:
        self.report.count(entry)
        if entry.outcome is not Outcome.UNCHANGED:
            self._entries.append(entry)

    def _pending_texts(self) -> set[str]:
        return {pending.article.text_digest for pending in self._pending.values()}

    def _embedded(self) -> dict[str, Reading]:
        """By key, what the archive does not hold yet of the pending passages."""
        keyed = {
            embedding_key(pending.article, passage): (pending.article, passage)
            for pending in self._pending.values()
            for passage in pending.passages
        }
        known = self._archive.known_embeddings(keyed)
        return readings_of((pair for key, pair in keyed.items() if key not in known), self._embedder)


def _records(source: Source | Unreadable) -> Iterator[Article | ReaderError]:
    """What the reader makes of a source; whatever a parser raises ends as one quarantined record."""
    if isinstance(source, Unreadable):
        yield ReaderError(source.reason, source.data)
        return
    try:
        for item in reader_for(source).read(source):
            yield item if isinstance(item, ReaderError) else _storable(item)
    except ReaderError as error:
        yield error
    except Exception as error:  # a parser's own mistake must not cost the batch
        yield ReaderError(f"the reader failed: {type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _storable(article: Article) -> Article | ReaderError:
    """The archive writes UTF-8: an article that has none must not cost the batch it is committed with."""
    try:
        article.to_json().encode()
    except UnicodeEncodeError as error:
        raw = article.to_json().encode("utf-8", "backslashreplace")
        return ReaderError(f"a character that UTF-8 cannot write ({error.reason}): repair or drop the record.", raw)
    return article


def _quarantined(source: Source | Unreadable, position: int, error: ReaderError) -> LedgerEntry:
    raw = source.data if error.raw is None else error.raw
    return LedgerEntry(
        location=source.location,
        position=position,
        outcome=Outcome.QUARANTINED,
        digest=hashlib.sha256(raw).hexdigest()[:16],
        reason=str(error).encode("utf-8", "replace").decode(),
        raw=raw[:KEPT_OF_UNREADABLE],
    )


def _agree(archive: Archive, embedder: Embedder) -> None:
    """Keeps which embedder made the vectors; refuses another one."""
    stored = archive.setting("embedder")
    if stored is None:
        archive.set("embedder", embedder.fingerprint)
    elif stored != embedder.fingerprint:
        raise EmbedderMismatch(archive.directory, stored, embedder.fingerprint)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

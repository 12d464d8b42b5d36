"""Ingestor: takes items one by one, decides what each is, and writes them to the archive in whole batches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rag import copies
from rag.archive import Archive
from rag.article import NEVER, Article, Status
from rag.embedder import Embedder, Reading
from rag.errors import EmbedderMismatch, ReaderError
from rag.failpoint import failpoint
from rag.index.pair import IndexPair
from rag.ledger import LedgerEntry, Outcome, file_of, input_id
from rag.passage import Passage
from rag.reading import embedding_key, readings_of
from rag.redaction import Redactor
from rag.removal import bury, purge_if_due

from .gatherer import Finished, Gathered, Unmodified
from .report import Report
from .source import KEPT_OF_UNREADABLE
from .splitter import split

# Passages that are embedded and committed together: two or three seconds of work on two cores.
BATCH = 96
# Records that need no embedding (unchanged, refused, killed) and are yet committed from time to time.
MOST_ENTRIES = 2_000
_KILLED = "killed by its publisher"
_SAME = "another input brought the same article"


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
        self._redactor = Redactor(archive)
        self._pending: dict[str, _Pending] = {}
        self._entries: list[LedgerEntry] = []
        self._kills: dict[str, LedgerEntry] = {}
        self._finished: list[tuple[str, Finished]] = []
        self._read_files: set[str] = set()
        _agree(archive, embedder)

    def take(self, gathered: Gathered) -> None:
        """Decides what becomes of one item; writes when enough has come together."""
        match gathered.item:
            case ReaderError() as error:
                self._note(self._quarantined(gathered, error))
            case Unmodified():
                self.report.unchanged += max(1, self._archive.inputs_at(gathered.location))
            case Finished() as finished:
                self._finished.append((gathered.location, finished))
                self._read_files.add(file_of(gathered.location))
            case article:
                self._consider(gathered, article)
        if len(self._entries) + len(self._finished) >= MOST_ENTRIES:
            self.flush()

    def flush(self) -> None:
        """Commits what is pending, then brings the indexes along."""
        readings = self._embedded()
        failpoint("before-commit")
        with self._archive.transaction():
            self._archive.put_embeddings(readings)
            removed, added = self._kept()
            self._written_down()
            removed += self._buried()
            if removed or added:
                self._archive.next_edition()
        failpoint("after-commit")
        self._indexes.apply(list(self._archive.stored(added).values()), removed)
        self.report.passages += len(added)
        for done in (self._pending, self._entries, self._kills, self._finished):
            done.clear()

    def settle(self) -> None:
        """Ends the run: what was killed leaves no bytes behind, what was mended leaves the quarantine, and the indexes
        say that they are complete."""
        self.flush()
        if not self.report.stopped:
            self._archive.forget_refusals(self._read_files, {entry.input_id for entry in self.report.quarantined})
        purge_if_due(self._archive, self._indexes)
        self._indexes.settle()

    def _buried(self) -> list[str]:
        """Carries the kills out, behind everything else of the batch, so that nothing of it is written afterwards; the
        ids of the passages that go. Of a kill itself only the digest is noted: its place may repeat the headline."""
        if not self._kills:
            return []
        buried = bury(self._archive, list(self._kills), _KILLED, _now())
        for kill in self._kills.values():
            self._archive.record(replace(kill, outcome=Outcome.BARRED), _now())
        self.report.killed += buried.articles
        return buried.passages

    def _written_down(self) -> None:
        for entry in self._entries:
            self._archive.record(entry, _now())
        barred = {entry.location for entry in self._entries if entry.outcome is Outcome.BARRED}
        for location, finished in self._finished:
            said = finished.said is not None and (finished.said.etag or finished.said.last_modified)
            if said and location not in barred:
                self._archive.remember(location, finished.said)

    def _kept(self) -> tuple[list[str], list[str]]:
        """Puts the pending articles into the archive; the ids of the passages that go and of those that come."""
        removed: list[str] = []
        added: list[str] = []
        current: list[Article] = []
        for pending in self._pending.values():
            replaced = [stored.passage.id for stored in self._archive.passages_of(pending.article.id)]
            if self._archive.put_revision(pending.article, pending.entry.input_id, _now()):
                removed += replaced
                added += [passage.id for passage in pending.passages]
                current.append(pending.article)
                self._archive.put_passages((p, embedding_key(pending.article, p)) for p in pending.passages)
        copies.note_current(self._archive, current)
        return removed, added

    def _consider(self, gathered: Gathered, article: Article) -> None:
        article = self._redactor.applied(article)
        pending = self._pending.get(article.id)
        if pending and pending.article.revision == article.revision:
            self._note(self._noted(gathered, article, Outcome.DUPLICATE, _SAME))
            return
        if pending or article.id in self._kills or article.other_id in self._kills:
            self.flush()  # versions of one story: one after the other
        outcome, reason = self._outcome(article, input_id(gathered.location, gathered.position))
        entry = self._noted(gathered, article, outcome, reason)
        if outcome is Outcome.STORED and article.status is Status.CANCELLED:
            self.report.count(entry)
            self._kills[article.id] = entry
            return
        self._note(entry)
        if outcome is not Outcome.STORED:
            return
        self._pending[article.id] = _Pending(article, split(article) if article.usable_from != NEVER else [], entry)
        if sum(len(p.passages) for p in self._pending.values()) >= BATCH:
            self.flush()

    def _noted(self, gathered: Gathered, article: Article, outcome: Outcome, reason: str) -> LedgerEntry:
        return LedgerEntry(
            location=gathered.location,
            position=gathered.position,
            outcome=outcome,
            digest=article.revision,
            reason=reason,
            article_id=article.id,
        )

    def _outcome(self, article: Article, here: str) -> tuple[Outcome, str]:
        """A revision that the archive has is stored again only if a changed input returns to it: a story may go from 12
        dead to 9 and back to 12."""
        if grave := self._archive.tombstone(article.id) or self._archive.tombstone(article.other_id):
            if article.status is not Status.CANCELLED:
                return Outcome.BARRED, f"{grave.reason}: a tombstone keeps it out."
            again = self._archive.ledger_digest(here) == article.revision
            return (Outcome.UNCHANGED, "") if again else (Outcome.DUPLICATE, "another kill came before")
        if article.status is Status.CANCELLED:
            known = self._archive.article(article.id)
            return (
                Outcome.STORED,
                "a kill" if known else "a kill of an article that the archive does not hold by this id",
            )
        if self._archive.ledger_digest(here) == article.revision and self._archive.input_of(article.revision):
            return Outcome.UNCHANGED, ""
        if self._archive.input_of(article.revision) and not self._archive.takes_over(article, here):
            return Outcome.DUPLICATE, _SAME
        return Outcome.STORED, ""

    def _note(self, entry: LedgerEntry) -> None:
        self.report.count(entry)
        if entry.outcome is not Outcome.UNCHANGED:
            self._entries.append(entry)

    def _quarantined(self, gathered: Gathered, error: ReaderError) -> LedgerEntry:
        raw = gathered.raw if error.raw is None else error.raw
        reason = str(error).encode("utf-8", "replace").decode()
        if self._redactor.is_named_in(raw.decode("utf-8", "replace")):
            raw, reason = b"", f"{reason} (Its bytes hold a redacted name and are not kept.)"
        return LedgerEntry(
            location=gathered.location,
            position=gathered.position,
            outcome=Outcome.QUARANTINED,
            digest=hashlib.sha256(raw).hexdigest()[:16],
            reason=reason,
            raw=raw[:KEPT_OF_UNREADABLE],
        )

    def _embedded(self) -> dict[str, Reading]:
        """By key, what the archive does not hold yet of the pending passages."""
        keyed = {
            embedding_key(pending.article, passage): (pending.article, passage)
            for pending in self._pending.values()
            for passage in pending.passages
        }
        known = self._archive.known_embeddings(keyed)
        return readings_of((pair for key, pair in keyed.items() if key not in known), self._embedder)


def _agree(archive: Archive, embedder: Embedder) -> None:
    """Keeps which embedder made the vectors; refuses another one."""
    stored = archive.setting("embedder")
    if stored is None:
        archive.set("embedder", embedder.fingerprint)
    elif stored != embedder.fingerprint:
        raise EmbedderMismatch(archive.directory, stored, embedder.fingerprint)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

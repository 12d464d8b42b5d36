"""InputBook: what became of every input, what web addresses said last, and what must never come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .ledger import LedgerEntry, Outcome, file_of
from .record_file import RecordFile


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a publisher said of a page when it was last read (RFC 9110, 8.8), sent back so that it answers only if there
    is news. ``address`` is where the redirects ended: an ETag goes back to the address that gave it."""

    address: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An article that was removed for good; nothing of it is kept but the hash that is its id."""

    article_id: str
    reason: str
    removed: str


class InputBook(RecordFile):
    # -- the ledger -------------------------------------------------------------------------------------------------

    def record(self, entry: LedgerEntry, seen: str) -> None:
        """Writes what became of an input; an input that has not changed keeps its first entry.

        Of an input that a tombstone keeps out not even the place is kept: an address often repeats the headline.
        """
        barred = entry.outcome is Outcome.BARRED
        with self.transaction() as db:
            db.execute(
                "INSERT INTO input VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, "
                "location = excluded.location, outcome = excluded.outcome, reason = excluded.reason, "
                "article_id = excluded.article_id, raw = excluded.raw, seen = excluded.seen "
                "WHERE digest <> excluded.digest OR outcome <> excluded.outcome",
                (entry.input_id, "" if barred else entry.location, entry.position, entry.digest, entry.outcome)
                + (entry.reason, entry.article_id, None if barred else entry.raw, seen),
            )

    def ledger(self, outcome: Outcome | None = None) -> Iterator[LedgerEntry]:
        """What became of every input (or of those with one outcome), in the order of place."""
        rows = self._db().execute(
            "SELECT location, position, outcome, digest, reason, article_id, raw FROM input "
            "WHERE outcome = ? OR ? IS NULL ORDER BY location, position",
            (outcome, outcome),
        )
        for location, position, found, digest, reason, article_id, raw in rows:
            yield LedgerEntry(
                location=location,
                position=position,
                outcome=Outcome(found),
                digest=digest,
                reason=reason,
                article_id=article_id,
                raw=raw,
            )

    def ledger_digest(self, input_id: str) -> str | None:
        """What an input held when it was last read: a revision, or the digest of what could not be read."""
        row = self._db().execute("SELECT digest FROM input WHERE id = ?", (input_id,)).fetchone()
        return row[0] if row else None

    def inputs_at(self, location: str) -> int:
        """How many records of this place are in the ledger."""
        return self._db().execute("SELECT count(*) FROM input WHERE location = ?", (location,)).fetchone()[0]

    def drop_raw_bytes_with(self, stretches: Iterable[str]) -> None:
        """Of refused inputs that hold any of these words only the reason is kept."""
        wanted = [stretch.encode("utf-8", "surrogatepass") for stretch in stretches]
        with self.transaction() as db:
            for i, raw in db.execute("SELECT id, raw FROM input WHERE raw IS NOT NULL AND raw <> ''").fetchall():
                if any(stretch in raw for stretch in wanted):
                    db.execute("UPDATE input SET raw = NULL WHERE id = ?", (i,))

    def forget_places(self, named: Callable[[str], bool]) -> None:
        """Blanks the places and the raw bytes in which a redacted name stands, and forgets such addresses."""
        with self.transaction() as db:
            for i, location, raw in db.execute("SELECT id, location, raw FROM input").fetchall():
                if named(location):
                    db.execute("UPDATE input SET location = '' WHERE id = ?", (i,))
                if raw and named(raw.decode("utf-8", "replace")):
                    db.execute("UPDATE input SET raw = NULL WHERE id = ?", (i,))
            for location, address in db.execute("SELECT location, address FROM address").fetchall():
                if named(location) or named(address):
                    db.execute("DELETE FROM address WHERE location = ?", (location,))

    def forget_refusals(self, files: set[str], still: set[str]) -> None:
        """Empties the quarantine of what was in these files and is not refused any more; ``still`` are ids of inputs."""
        with self.transaction() as db:
            refused = db.execute("SELECT id, location FROM input WHERE outcome = 'quarantined'").fetchall()
            mended = [(i,) for i, location in refused if i not in still and file_of(location) in files]
            db.executemany("DELETE FROM input WHERE id = ?", mended)

    # -- web addresses ----------------------------------------------------------------------------------------------

    def remembered(self, location: str) -> Remembered | None:
        row = (
            self._db()
            .execute("SELECT address, etag, last_modified FROM address WHERE location = ?", (location,))
            .fetchone()
        )
        return Remembered(*row) if row else None

    def remember(self, location: str, said: Remembered) -> None:
        """Only together with what lay there, else a run that dies in between would never read it again."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO address VALUES (?, ?, ?, ?)",
                (location, said.address, said.etag, said.last_modified),
            )

    # -- tombstones -------------------------------------------------------------------------------------------------

    def tombstone(self, article_id: str) -> Tombstone | None:
        row = self._db().execute("SELECT * FROM tombstone WHERE article_id = ?", (article_id,)).fetchone()
        return Tombstone(*row) if row else None

    def tombstones(self) -> list[Tombstone]:
        return [Tombstone(*row) for row in self._db().execute("SELECT * FROM tombstone ORDER BY removed, article_id")]

    # -- redactions -------------------------------------------------------------------------------------------------

    def redactions(self) -> list[tuple]:
        """The trail, oldest first: the columns of `rag.redaction.Redaction`."""
        return self._db().execute("SELECT * FROM redaction ORDER BY made, words DESC, digest").fetchall()

    def put_redaction(self, row: tuple) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO redaction VALUES (?, ?, ?, ?, ?, ?, ?)", row)

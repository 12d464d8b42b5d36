"""Archive: the record. One SQLite file holds every revision, the passages, the vectors and the ledger of inputs.

The indexes beside it are derived from it and can be thrown away. One process writes at a time (a file lock that
the kernel frees on death); any number read meanwhile (write-ahead log).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .article import Article
from .errors import ArchiveBusy, ArchiveDamaged, ArchiveNotFound
from .ledger import LedgerEntry, Outcome
from .passage import Passage

FILE = "archive.db"
SCHEMA_VERSION = "1"
_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revision (
    revision TEXT PRIMARY KEY, article_id TEXT NOT NULL, publisher TEXT NOT NULL, published TEXT NOT NULL,
    text_digest TEXT NOT NULL, ingested TEXT NOT NULL, input_id TEXT NOT NULL, current INTEGER NOT NULL,
    article TEXT NOT NULL);
CREATE INDEX revision_of_article ON revision (article_id, current);
CREATE INDEX revision_by_text ON revision (text_digest);
CREATE TABLE passage (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL, revision TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, embedding TEXT NOT NULL, edition INTEGER NOT NULL);
CREATE INDEX passage_of_article ON passage (article_id);
CREATE INDEX passage_by_edition ON passage (edition);
CREATE TABLE embedding (key TEXT PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE input (
    id TEXT PRIMARY KEY, location TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
    outcome TEXT NOT NULL, reason TEXT NOT NULL, article_id TEXT NOT NULL, raw BLOB, seen TEXT NOT NULL);
INSERT INTO setting VALUES ('edition', '0');
INSERT INTO setting VALUES ('name', lower(hex(randomblob(8))));
"""
_MANY = 500  # SQLite's default limit of variables in one statement was once 999


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it stands in and its vector (float32, length 1)."""

    passage: Passage
    article: Article
    vector: np.ndarray


class Archive:
    """The SQLite file in ``directory``. Safe to use from several threads: each has a connection of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._threads = threading.local()
        self._writing = threading.RLock()

    @classmethod
    def open(cls, directory: str | Path) -> Archive:
        """Raises ArchiveNotFound, or ArchiveDamaged where SQLite cannot read it."""
        directory = Path(directory).expanduser().resolve()
        if not (directory / FILE).is_file():
            raise ArchiveNotFound(directory)
        archive = cls(directory)
        archive._check()
        return archive

    @classmethod
    def create(cls, directory: str | Path) -> Archive:
        """Opens the archive; makes an empty one where there is none."""
        directory = Path(directory).expanduser().resolve()
        directory.mkdir(parents=True, exist_ok=True)
        archive = cls(directory)
        with archive.transaction() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone():
                for statement in _SCHEMA.strip().rstrip(";").split(";\n"):
                    db.execute(statement)
                db.execute("INSERT INTO setting VALUES ('schema', ?)", (SCHEMA_VERSION,))
        archive._check()
        return archive

    def close(self) -> None:
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            del self._threads.connection

    # -- settings ---------------------------------------------------------------------------------------------------

    @property
    def edition(self) -> int:
        """A number that grows with every change of the passages; an index says which edition it reflects."""
        return int(self.setting("edition") or 0)

    def setting(self, name: str) -> str | None:
        row = self._db().execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # -- articles ---------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """The current version."""
        row = self._db().execute(
            "SELECT revision, article FROM revision WHERE article_id = ? AND current = 1", (article_id,)
        ).fetchone()
        return _article(*row) if row else None

    def revisions(self, article_id: str) -> list[Article]:
        """Every version that was ever given, oldest first."""
        rows = self._db().execute("SELECT revision, article FROM revision WHERE article_id = ?", (article_id,))
        return sorted((_article(*row) for row in rows), key=lambda article: (article.version, article.updated))

    def articles(self) -> Iterator[Article]:
        """The current version of every article, newest first."""
        rows = self._db().execute("SELECT revision, article FROM revision WHERE current = 1 ORDER BY published DESC, article_id")
        return (_article(*row) for row in rows)

    def input_of(self, revision: str) -> str | None:
        """The id of the input that brought this revision, or None where the archive has no such revision."""
        row = self._db().execute("SELECT input_id FROM revision WHERE revision = ?", (revision,)).fetchone()
        return row[0] if row else None

    def same_text(self, article: Article) -> str | None:
        """The id of another article with the same publisher and words."""
        row = self._db().execute(
            "SELECT article_id FROM revision WHERE text_digest = ? AND article_id <> ?", (article.text_digest, article.id)
        ).fetchone()
        return row[0] if row else None

    def publishers(self) -> dict[str, int]:
        """Publisher -> number of current articles, the largest first."""
        return dict(self._db().execute(
            "SELECT publisher, count(*) FROM revision WHERE current = 1 AND publisher <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall())

    def span(self) -> tuple[str, str]:
        """The first and last time of publication (ISO 8601), two empty strings where none is known."""
        row = self._db().execute(
            "SELECT min(published), max(published) FROM revision WHERE current = 1 AND published <> ''"
        ).fetchone()
        return (row[0] or "", row[1] or "")

    def counts(self) -> dict[str, int]:
        """Articles, revisions, passages, and inputs by outcome."""
        one = lambda sql: self._db().execute(sql).fetchone()[0]  # noqa: E731
        return {
            "articles": one("SELECT count(*) FROM revision WHERE current = 1"),
            "revisions": one("SELECT count(*) FROM revision"),
            "passages": one("SELECT count(*) FROM passage"),
        }

    # -- passages ---------------------------------------------------------------------------------------------------

    def passage_ids(self) -> set[str]:
        return {row[0] for row in self._db().execute("SELECT id FROM passage")}

    def stored(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """The passages of these ids that are current, by id."""
        found: dict[str, StoredPassage] = {}
        for begin in range(0, len(ids), _MANY):
            chunk = list(ids[begin : begin + _MANY])
            marks = ",".join("?" * len(chunk))
            found |= {s.passage.id: s for s in self._select(f"WHERE p.id IN ({marks})", chunk)}
        return found

    def passages_since(self, edition: int = 0) -> Iterator[StoredPassage]:
        """The current passages that came after this edition, streamed."""
        return self._select("WHERE p.edition > ?", [edition])

    def passages_of(self, article_id: str) -> list[StoredPassage]:
        """The current passages of one article in the order of its text."""
        return sorted(self._select("WHERE p.article_id = ?", [article_id]), key=lambda s: s.passage.position)

    def known_embeddings(self, keys: Iterable[str]) -> set[str]:
        wanted = list(dict.fromkeys(keys))
        known: set[str] = set()
        for begin in range(0, len(wanted), _MANY):
            chunk = wanted[begin : begin + _MANY]
            marks = ",".join("?" * len(chunk))
            known |= {row[0] for row in self._db().execute(f"SELECT key FROM embedding WHERE key IN ({marks})", chunk)}
        return known

    def _select(self, where: str, values: Sequence[object]) -> Iterator[StoredPassage]:
        rows = self._db().execute(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", r.article, e.vector FROM passage p '
            f"JOIN revision r ON r.revision = p.revision JOIN embedding e ON e.key = p.embedding {where}",
            values,
        )
        for article_id, revision, position, start, end, text, vector in rows:
            article = _article(revision, text)
            passage = Passage(article_id, revision, position, start, end, article.body[start:end])
            yield StoredPassage(passage, article, np.frombuffer(vector, dtype=np.float32))

    # -- writing ----------------------------------------------------------------------------------------------------

    def put_revision(self, article: Article, input_id: str, ingested: str) -> bool:
        """Keeps this version; it becomes current unless a newer one is there. Returns whether it did.

        The passages of the version that it supersedes go.
        """
        with self.transaction() as db:
            present = self.article(article.id)
            current = present is None or article.supersedes(present)
            if current:
                db.execute("UPDATE revision SET current = 0 WHERE article_id = ?", (article.id,))
                db.execute("DELETE FROM passage WHERE article_id = ?", (article.id,))
            db.execute(
                "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (article.revision, article.id, article.publisher, article.published, article.text_digest)
                + (ingested, input_id, int(current), article.to_json()),
            )
        return current

    def put_embeddings(self, vectors: dict[str, np.ndarray]) -> None:
        with self.transaction() as db:
            rows = ((key, np.asarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors.items())
            db.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?)", rows)

    def put_passages(self, passages: Iterable[tuple[Passage, str]]) -> None:
        """Pairs of a passage and the key of its embedding, which is there already."""
        edition = self.edition + 1
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((p.id, p.article_id, p.revision, p.position, p.start, p.end, key, edition) for p, key in passages),
            )

    def next_edition(self) -> int:
        """Says that the passages have changed; readers in other processes see it at their next question."""
        with self.transaction() as db:
            db.execute("UPDATE setting SET value = value + 1 WHERE name = 'edition'")
        return self.edition

    def drop_passages(self) -> None:
        """Forgets passages and vectors, before the whole archive is split or embedded anew."""
        with self.transaction() as db:
            db.execute("DELETE FROM passage")
            db.execute("DELETE FROM embedding")

    # -- the ledger -------------------------------------------------------------------------------------------------

    def record(self, entry: LedgerEntry, seen: str) -> None:
        """Writes what became of an input; an input that has not changed keeps its first entry."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO input VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, "
                "outcome = excluded.outcome, reason = excluded.reason, article_id = excluded.article_id, "
                "raw = excluded.raw, seen = excluded.seen WHERE digest <> excluded.digest",
                (entry.input_id, entry.location, entry.position, entry.digest, entry.outcome, entry.reason)
                + (entry.article_id, entry.raw, seen),
            )

    def ledger(self) -> Iterator[LedgerEntry]:
        """What became of every input, in the order of place."""
        rows = self._db().execute(
            "SELECT location, position, outcome, digest, reason, article_id, raw FROM input ORDER BY location, position"
        )
        for location, position, outcome, digest, reason, article_id, raw in rows:
            yield LedgerEntry(
                location=location, position=position, outcome=Outcome(outcome), digest=digest, reason=reason,
                article_id=article_id, raw=raw,
            )

    # -- SQLite -----------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; an inner transaction joins the outer one."""
        db = self._db()
        with self._writing:
            if db.in_transaction:
                yield db
                return
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            db.commit()

    def _db(self) -> sqlite3.Connection:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        file = self.directory / FILE
        try:
            connection = sqlite3.connect(file, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            return connection
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ArchiveBusy(self.directory) from error
            raise ArchiveDamaged(file, error) from error
        except sqlite3.DatabaseError as error:
            raise ArchiveDamaged(file, error) from error

    def _check(self) -> None:
        try:
            schema = self.setting("schema")
        except sqlite3.DatabaseError as error:
            raise ArchiveDamaged(self.directory / FILE, error) from error
        if schema != SCHEMA_VERSION:
            raise ArchiveDamaged(self.directory / FILE, f"its schema is {schema}, this program knows {SCHEMA_VERSION}")


@lru_cache(maxsize=512)
def _article(revision: str, text: str) -> Article:
    return Article.from_json(text)

"""RecordFile: the SQLite file of an archive: made, opened, checked, and written in whole transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from .errors import ArchiveBusy, ArchiveDamaged, ArchiveNotFound, WrongUse

FILE = "archive.db"
SCHEMA_VERSION = "2"
_SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revision (
    revision TEXT PRIMARY KEY, article_id TEXT NOT NULL, other_id TEXT NOT NULL, publisher TEXT NOT NULL,
    published TEXT NOT NULL,
    usable_from TEXT NOT NULL, ingested TEXT NOT NULL, input_id TEXT NOT NULL,
    current INTEGER NOT NULL, article TEXT NOT NULL);
CREATE INDEX revision_of_article ON revision (article_id, current);
CREATE INDEX revision_of_other ON revision (other_id);
CREATE INDEX revision_by_time ON revision (current, published DESC, article_id);
CREATE INDEX revision_by_use ON revision (current, usable_from, publisher, published);
CREATE TABLE passage (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL, revision TEXT NOT NULL, position INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, embedding TEXT NOT NULL, edition INTEGER NOT NULL);
CREATE INDEX passage_of_article ON passage (article_id);
CREATE INDEX passage_by_edition ON passage (edition);
CREATE TABLE embedding (key TEXT PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL);
CREATE TABLE input (
    id TEXT PRIMARY KEY, location TEXT NOT NULL, position INTEGER NOT NULL, digest TEXT NOT NULL,
    outcome TEXT NOT NULL, reason TEXT NOT NULL, article_id TEXT NOT NULL, raw BLOB, seen TEXT NOT NULL);
CREATE INDEX input_of_article ON input (article_id);
CREATE INDEX input_at_location ON input (location, position);
CREATE TABLE address (
    location TEXT PRIMARY KEY, address TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tombstone (
    article_id TEXT PRIMARY KEY, reason TEXT NOT NULL, removed TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE redaction (
    digest TEXT NOT NULL, words INTEGER NOT NULL, scope TEXT NOT NULL, replacement TEXT NOT NULL,
    reason TEXT NOT NULL, made TEXT NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (digest, scope)) WITHOUT ROWID;
CREATE TABLE run (
    hash INTEGER NOT NULL, day INTEGER NOT NULL, article_id TEXT NOT NULL,
    PRIMARY KEY (hash, day, article_id)) WITHOUT ROWID;
CREATE TABLE sketch (
    article_id TEXT PRIMARY KEY, day INTEGER NOT NULL, runs INTEGER NOT NULL, kept BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE copy (
    article_id TEXT NOT NULL, other_id TEXT NOT NULL, shared REAL NOT NULL,
    PRIMARY KEY (article_id, other_id)) WITHOUT ROWID;
CREATE TABLE carrier (article_id TEXT PRIMARY KEY, originator_id TEXT NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX carrier_of_cluster ON carrier (originator_id, place);
INSERT INTO setting VALUES ('edition', '0');
INSERT INTO setting VALUES ('name', lower(hex(randomblob(8))));
"""


class RecordFile:
    """Safe to use from several threads: each has a connection of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._threads = threading.local()
        self._writing = threading.RLock()

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """Raises ArchiveNotFound, or ArchiveDamaged where SQLite cannot read it."""
        directory = Path(directory).expanduser().resolve()
        opened = cls(directory)
        if not (directory / FILE).is_file() or not opened._begun():
            raise ArchiveNotFound(directory)
        opened._check()
        return opened

    @classmethod
    def create(cls, directory: str | Path) -> Self:
        """Opens what is there; makes an empty one where there is nothing."""
        directory = Path(directory).expanduser().resolve()
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongUse(
                f"{directory} cannot be made ({error.strerror}): give a folder that you may write to."
            ) from error
        made = cls(directory)
        if not made._begun():  # asked first, so that an archive that is being written to keeps nobody waiting
            made._begin()
        made._check()
        return made

    def _begun(self) -> bool:
        """Whether the tables are there; not so after a kill at the very beginning."""
        try:
            return bool(self._db().execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone())
        except sqlite3.DatabaseError as error:
            raise ArchiveDamaged(self.directory / FILE, error) from error

    def _begin(self) -> None:
        with self.transaction() as db:
            if self._begun():
                return
            for statement in _SCHEMA.strip().rstrip(";").split(";\n"):
                db.execute(statement)
            db.execute("INSERT INTO setting VALUES ('schema', ?)", (SCHEMA_VERSION,))

    def close(self) -> None:
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            del self._threads.connection

    def setting(self, name: str) -> str | None:
        row = self._db().execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[tuple]:
        """What the tables answer; whatever writes goes through `transaction`."""
        return self._db().execute(sql, values).fetchall()

    def unset(self, name: str) -> None:
        with self.transaction() as db:
            db.execute("DELETE FROM setting WHERE name = ?", (name,))

    def integrity(self) -> str:
        """ "ok", or the first thing that SQLite finds wrong with its file."""
        return self._db().execute("PRAGMA integrity_check(1)").fetchone()[0]

    def compact(self) -> None:
        """Rewrites the file without its free pages and empties the write-ahead log: what was deleted is gone."""
        db = self._db()
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

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
            # What is removed (a kill, an erasure) is overwritten in the file, not only unlinked.
            connection.execute("PRAGMA secure_delete = ON")
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

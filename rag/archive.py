"""Archive: the record. One SQLite file holds every revision, the passages, the vectors and the ledger of inputs.

The indexes beside it are derived from it and can be thrown away. One process writes at a time (a file lock that
the kernel frees on death); any number read meanwhile (write-ahead log).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .article import Article
from .embedder import Reading
from .ledger import LedgerEntry, Outcome
from .passage import Passage
from .record_file import RecordFile

_KEPT = 2_000  # articles in memory, some 10 kB each
_MANY = 500  # SQLite's default limit of variables in one statement was once 999


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it stands in and its vector (float32, length 1)."""

    passage: Passage
    article: Article
    vector: np.ndarray


class Archive(RecordFile):
    """The articles, passages, vectors and inputs in ``directory``; `RecordFile` opens and guards the file itself."""

    # -- settings ---------------------------------------------------------------------------------------------------

    @property
    def edition(self) -> int:
        """A number that grows with every change of the passages; an index says which edition it reflects."""
        return int(self.setting("edition") or 0)

    @property
    def embedder_name(self) -> str | None:
        """The name by which `embedder_named` finds what made the vectors; None for an empty archive."""
        return (self.setting("embedder") or "").rpartition("@")[0] or None

    # -- articles ---------------------------------------------------------------------------------------------------

    def article(self, article_id: str) -> Article | None:
        """The current version."""
        row = (
            self._db()
            .execute("SELECT revision, article FROM revision WHERE article_id = ? AND current = 1", (article_id,))
            .fetchone()
        )
        return _article(*row) if row else None

    def revisions(self, article_id: str) -> list[Article]:
        """Every version that was ever given, oldest first."""
        rows = self._db().execute("SELECT revision, article FROM revision WHERE article_id = ?", (article_id,))
        return sorted((_article(*row) for row in rows), key=lambda article: (article.version, article.updated))

    def articles(self) -> Iterator[Article]:
        """The current version of every article, newest first."""
        rows = self._db().execute(
            "SELECT revision, article FROM revision WHERE current = 1 ORDER BY published DESC, article_id"
        )
        return (_article(*row) for row in rows)

    def input_of(self, revision: str) -> str | None:
        """The id of the input that brought this revision, or None where the archive has no such revision."""
        row = self._db().execute("SELECT input_id FROM revision WHERE revision = ?", (revision,)).fetchone()
        return row[0] if row else None

    def same_text(self, article: Article) -> str | None:
        """The id of another article whose current, quotable version has the same publisher and words."""
        row = (
            self._db()
            .execute(
                "SELECT article_id FROM revision WHERE text_digest = ? AND article_id <> ? AND current = 1 "
                "AND json_extract(article, '$.status') IN ('usable', 'corrected')",
                (article.text_digest, article.id),
            )
            .fetchone()
        )
        return row[0] if row else None

    def ledger_digest(self, input_id: str) -> str | None:
        """What an input held when it was last read: a revision, or the digest of what could not be read."""
        row = self._db().execute("SELECT digest FROM input WHERE id = ?", (input_id,)).fetchone()
        return row[0] if row else None

    def publishers(self) -> dict[str, int]:
        """Publisher -> number of current articles, the largest first."""
        return dict(
            self._db()
            .execute(
                "SELECT publisher, count(*) FROM revision WHERE current = 1 AND publisher <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
            )
            .fetchall()
        )

    def span(self) -> tuple[str, str]:
        """The first and last time of publication (ISO 8601), two empty strings where none is known."""
        row = (
            self._db()
            .execute("SELECT min(published), max(published) FROM revision WHERE current = 1 AND published <> ''")
            .fetchone()
        )
        return (row[0] or "", row[1] or "")

    def counts(self) -> dict[str, int]:
        """How many articles, revisions (old ones too), passages and quarantined inputs there are."""
        one = lambda sql: self._db().execute(sql).fetchone()[0]  # noqa: E731
        return {
            "articles": one("SELECT count(*) FROM revision WHERE current = 1"),
            "revisions": one("SELECT count(*) FROM revision"),
            "passages": self.size(),
            "quarantined": one("SELECT count(*) FROM input WHERE outcome = 'quarantined'"),
        }

    # -- passages ---------------------------------------------------------------------------------------------------

    def size(self) -> int:
        """How many passages there are."""
        return self._db().execute("SELECT count(*) FROM passage").fetchone()[0]

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

    def sentence_vectors(self, passage_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """By passage the vectors of its sentences in their order, shape (sentences, dimensions)."""
        marks = ",".join("?" * len(passage_ids))
        rows = self._db().execute(
            "SELECT p.id, e.vector, e.sentences FROM passage p JOIN embedding e ON e.key = p.embedding "
            f"WHERE p.id IN ({marks})",
            list(passage_ids),
        )
        return {
            passage_id: np.frombuffer(parts, dtype=np.float16).reshape(-1, len(vector) // 4).astype(np.float32)
            for passage_id, vector, parts in rows
        }

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
                "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (article.revision, article.id, article.publisher, article.published, article.text_digest)
                + (ingested, input_id, int(current), article.to_json()),
            )
        return current

    def put_embeddings(self, readings: dict[str, Reading], table: str = "embedding") -> None:
        """By key: the vector of a passage as float32, those of its sentences as float16 (cosines to three digits)."""
        with self.transaction() as db:
            rows = (
                (key, reading.vector.astype(np.float32).tobytes(), reading.parts.astype(np.float16).tobytes())
                for key, reading in readings.items()
            )
            db.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)

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

    def passages_without_vectors(self) -> list[tuple[Article, Passage]]:
        """Passages whose embedding somebody took away; every search passes them over."""
        rows = self._db().execute(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", r.article FROM passage p '
            "JOIN revision r ON r.revision = p.revision WHERE p.embedding NOT IN (SELECT key FROM embedding)"
        )
        found = []
        for *place, start, end, text in rows:
            article = _article(place[1], text)
            found.append((article, Passage(*place, start, end, article.body[start:end])))
        return found

    def begin_embedding_anew(self, fingerprint: str) -> set[str]:
        """Opens a second table of embeddings beside the one in use; the keys that an interrupted run left in it."""
        with self.transaction() as db:
            if self.setting("embedding anew") != fingerprint:
                db.execute("DROP TABLE IF EXISTS embedding_anew")
            db.execute("CREATE TABLE IF NOT EXISTS embedding_anew AS SELECT * FROM embedding WHERE 0")
            self.set("embedding anew", fingerprint)
            return {row[0] for row in db.execute("SELECT key FROM embedding_anew")}

    def end_embedding_anew(self, fingerprint: str) -> None:
        """The second table takes the place of the first."""
        with self.transaction() as db:
            db.execute("DELETE FROM embedding")
            db.execute("INSERT INTO embedding SELECT * FROM embedding_anew")
            db.execute("DROP TABLE embedding_anew")
            db.execute("DELETE FROM setting WHERE name = 'embedding anew'")
            self.set("embedder", fingerprint)
            self.next_edition()

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
                location=location,
                position=position,
                outcome=Outcome(outcome),
                digest=digest,
                reason=reason,
                article_id=article_id,
                raw=raw,
            )

    def altered(self) -> list[str]:
        """Revisions and passages that no longer hash to their own ids: somebody changed the file behind our back."""
        db = self._db()
        rows = db.execute("SELECT revision, article FROM revision")
        changed = [revision for revision, text in rows if not _is_its_own(revision, text)]
        stored = db.execute('SELECT id, article_id, revision, position, start, "end" FROM passage')
        return changed + [row[0] for row in stored if Passage(*row[1:], text="").id != row[0]]


def _is_its_own(revision: str, text: str) -> bool:
    try:
        return Article.from_json(text).revision == revision
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


_read: OrderedDict[str, Article] = OrderedDict()


def _article(revision: str, text: str) -> Article:
    """A revision never changes, so what was read of it is kept for the next time."""
    article = _read.get(revision)
    if article is None:
        article = _read[revision] = Article.from_json(text)
        if len(_read) > _KEPT:
            _read.popitem(last=False)
    return article

"""Archive: the record. One SQLite file holds every revision, the passages, the vectors and the ledger of inputs.

The indexes beside it are derived from it and can be thrown away. One process writes at a time (a file lock that
the kernel frees on death); any number read meanwhile (write-ahead log).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from .article import NEVER, Article
from .embedding_store import MANY, EmbeddingStore
from .passage import Passage
from .period import end_of_day

_KEPT = 2_000  # articles in memory, some 10 kB each
_USABLE = "usable_from <= :now"
_EARLIEST = "(SELECT min(o.published) FROM revision o WHERE o.article_id = p.article_id)"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the article it stands in and its vector (float32, length 1).

    ``earliest`` is the first publication that any version of the article states, None where only this one was asked.
    """

    passage: Passage
    article: Article
    vector: np.ndarray
    earliest: str | None = None

    @property
    def first(self) -> str:
        return self.article.published if self.earliest is None else self.earliest


class Archive(EmbeddingStore):
    """The articles, passages, vectors and inputs in ``directory``; `RecordFile` opens and guards the file itself."""

    _counted: tuple[int, str, dict[str, int]] | None = None  # edition, until when it holds, `publishers`

    # -- settings ---------------------------------------------------------------------------------------------------

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

    def article_from(self, location: str) -> Article | None:
        """The current version of what lay first at a place, as the ledger knows it."""
        row = (
            self._db()
            .execute("SELECT article_id FROM input WHERE location = ? AND position = 0", (location,))
            .fetchone()
        )
        return self.article(row[0]) if row else None

    def revisions(self, article_id: str) -> list[Article]:
        """Every version that was ever given, oldest first."""
        rows = self._db().execute("SELECT revision, article FROM revision WHERE article_id = ?", (article_id,))
        return sorted((_article(*row) for row in rows), key=lambda article: (article.version, article.updated))

    def articles(self) -> Iterator[Article]:
        """The current version of every article, newest first, those that may not be used too."""
        rows = self._db().execute(
            "SELECT revision, article FROM revision WHERE current = 1 ORDER BY published DESC, article_id"
        )
        return (_article(*row) for row in rows)

    def usable_articles(self) -> Iterator[Article]:
        """The current version of every article of which an answer may be made now, newest first."""
        rows = self._db().execute(
            f"SELECT revision, article FROM revision WHERE current = 1 AND {_USABLE} ORDER BY published DESC, article_id",
            {"now": utc_now()},
        )
        return (_article(*row) for row in rows)

    def article_ids(self, *, publisher: str = "") -> set[str]:
        """The ids of all articles, or of those of which a version is by this publisher, in any case of letters."""
        rows = self._db().execute("SELECT DISTINCT article_id, publisher FROM revision")
        return {i for i, name in rows if not publisher or name.casefold() == publisher.casefold()}

    def ids_with_address(self, url: str) -> set[str]:
        """The articles that show this address, or that were read there."""
        rows = self._db().execute(
            "SELECT article_id FROM revision WHERE json_extract(article, '$.url') = ? "
            "UNION SELECT article_id FROM input WHERE location = ? AND article_id <> ''",
            (url, url),
        )
        return {row[0] for row in rows}

    def ids_also_known_as(self, other_id: str) -> set[str]:
        """The articles whose publisher's own id, where they go by their address, is this one."""
        rows = self._db().execute("SELECT article_id FROM revision WHERE other_id = ?", (other_id,))
        return {row[0] for row in rows}

    def versions(self) -> Iterator[Article]:
        """Every version of every article; read to the end before anything is written."""
        rows = self._db().execute("SELECT revision, article FROM revision ORDER BY article_id, revision").fetchall()
        return (Article.from_json(text) for _, text in rows)

    def versions_with(self, words: str) -> int:
        """How many versions hold these words as they stand."""
        return self._db().execute("SELECT count(*) FROM revision WHERE instr(article, ?)", (words,)).fetchone()[0]

    def input_of(self, revision: str) -> str | None:
        """The id of the input that brought this revision, or None where the archive has no such revision."""
        row = self._db().execute("SELECT input_id FROM revision WHERE revision = ?", (revision,)).fetchone()
        return row[0] if row else None

    def publishers(self) -> dict[str, int]:
        """Publisher -> number of current articles that may be used, the largest first. Counted anew when the passages have
        changed or an embargo has ended."""
        edition, now = self.edition, utc_now()
        counted = self._counted
        if not counted or counted[0] != edition or counted[1] <= now:
            rows = self.rows(
                f"SELECT publisher, count(*) FROM revision WHERE current = 1 AND publisher <> '' AND {_USABLE} "
                "GROUP BY 1 ORDER BY 2 DESC, 1",
                {"now": now},
            )
            ((until,),) = self.rows(
                "SELECT min(usable_from) FROM revision WHERE current = 1 AND usable_from > ?", [now]
            )
            counted = self._counted = (edition, until or NEVER, dict(rows))
        return dict(counted[2])

    def span(self, until: date = date.max) -> tuple[str, str]:
        """First and last publication (ISO 8601) of what may be used, until the end of a day (UTC); "" where none is known."""
        rows = self._db().execute(
            "SELECT min(published), max(published) FROM revision "
            f"WHERE current = 1 AND published <> '' AND published <= :end AND {_USABLE}",
            {"now": utc_now(), "end": end_of_day(until)},
        )
        first, last = rows.fetchone()
        return first or "", last or ""

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
        for begin in range(0, len(ids), MANY):
            chunk = list(ids[begin : begin + MANY])
            found |= {s.passage.id: s for s in self._stored(chunk)}
        return found

    def _stored(self, ids: Sequence[str]) -> Iterator[StoredPassage]:
        """Reads each article once, and none that is still in memory."""
        marks = ",".join("?" * len(ids))
        rows = self.rows(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", e.vector, '
            f"{_EARLIEST} FROM passage p JOIN embedding e ON e.key = p.embedding WHERE p.id IN ({marks})",
            ids,
        )
        articles = self._articles({row[1] for row in rows})
        for article_id, revision, position, start, end, vector, earliest in rows:
            if article := articles.get(revision):
                passage = Passage(article_id, revision, position, start, end, article.body[start:end])
                yield StoredPassage(passage, article, np.frombuffer(vector, dtype=np.float32), earliest)

    def _articles(self, revisions: Collection[str]) -> dict[str, Article]:
        found = {revision: article for revision in revisions if (article := _read.get(revision))}
        missing = [revision for revision in revisions if revision not in found]
        marks = ",".join("?" * len(missing))
        rows = self.rows(f"SELECT revision, article FROM revision WHERE revision IN ({marks})", missing)
        return found | {revision: _article(revision, text) for revision, text in rows}

    def usable(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Of these passages those that an answer may be made from now; every search asks here (embargo)."""
        now = utc_now()
        return {i: s for i, s in self.stored(ids).items() if s.article.usable_from <= now}

    def passages_since(self, edition: int = 0) -> Iterator[StoredPassage]:
        """The current passages that came after this edition, streamed."""
        return self._select("WHERE p.edition > ?", [edition])

    def passages_of(self, article_id: str) -> list[StoredPassage]:
        """The current passages of one article in the order of its text."""
        return sorted(self._select("WHERE p.article_id = ?", [article_id]), key=lambda s: s.passage.position)

    def _select(self, where: str, values: Sequence[object]) -> Iterator[StoredPassage]:
        rows = self._db().execute(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", r.article, e.vector, '
            f"{_EARLIEST} FROM passage p "
            f"JOIN revision r ON r.revision = p.revision JOIN embedding e ON e.key = p.embedding {where}",
            values,
        )
        for article_id, revision, position, start, end, text, vector, earliest in rows:
            article = _article(revision, text)
            passage = Passage(article_id, revision, position, start, end, article.body[start:end])
            yield StoredPassage(passage, article, np.frombuffer(vector, dtype=np.float32), earliest)

    # -- writing ----------------------------------------------------------------------------------------------------

    def put_revision(self, article: Article, input_id: str, ingested: str) -> bool:
        """Keeps this version; it becomes current unless a newer one is there. Returns whether it did.

        The passages of the version that it supersedes go.
        """
        with self.transaction() as db:
            current = self.takes_over(article, input_id)
            if current:
                db.execute("UPDATE revision SET current = 0 WHERE article_id = ?", (article.id,))
                db.execute("DELETE FROM passage WHERE article_id = ?", (article.id,))
            db.execute(
                "INSERT OR REPLACE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (article.revision, article.id, article.other_id, article.publisher, article.published)
                + (article.usable_from, ingested, input_id, int(current), article.to_json()),
            )
        return current

    def takes_over(self, article: Article, input_id: str) -> bool:
        """Whether this version would become the current one.

        Of two versions with equal numbers and times the later wins only where one input brought both, which was
        changed in between; else the order of arrival must not matter.
        """
        present = self.article(article.id)
        if present is None:
            return True
        if article.precedence == present.precedence and self.input_of(present.revision) == input_id:
            return article.revision != present.revision
        return article.supersedes(present)

    def put_passages(self, passages: Iterable[tuple[Passage, str]]) -> None:
        """Pairs of a passage and the key of its embedding, which is there already."""
        edition = self.edition + 1
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((p.id, p.article_id, p.revision, p.position, p.start, p.end, key, edition) for p, key in passages),
            )

    def forget_article(self, article_id: str, reason: str) -> None:
        """Takes every version out, and what the ledger and the addresses know of where it came from."""
        with self.transaction() as db:
            places = "SELECT location FROM input WHERE article_id = ?"
            db.execute(f"DELETE FROM address WHERE location IN ({places})", (article_id,))
            db.execute("DELETE FROM passage WHERE article_id = ?", (article_id,))
            db.execute("DELETE FROM revision WHERE article_id = ?", (article_id,))
            db.execute(
                "UPDATE input SET location = '', digest = '', raw = NULL, outcome = 'barred', reason = ? "
                "WHERE article_id = ?",
                (reason, article_id),
            )

    def replace_version(self, old: Article, new: Article) -> None:
        """Puts a redacted version in the place of the old one, without the passages that it had."""
        with self.transaction() as db:
            db.execute("DELETE FROM passage WHERE revision = ?", (old.revision,))
            # Two versions that told themselves apart by the name alone become one.
            (current,) = db.execute(
                "SELECT max(current) FROM revision WHERE revision IN (?, ?)", (new.revision, old.revision)
            ).fetchone()
            db.execute("DELETE FROM revision WHERE revision = ? AND revision <> ?", (new.revision, old.revision))
            db.execute(
                "UPDATE revision SET revision = ?, article = ?, publisher = ?, current = ? WHERE revision = ?",
                (new.revision, new.to_json(), new.publisher, current, old.revision),
            )
            db.execute("UPDATE input SET digest = ? WHERE digest = ?", (new.revision, old.revision))

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

    def altered(self) -> list[str]:
        """Revisions and passages that no longer hash to their own ids: somebody changed the file behind our back."""
        db = self._db()
        rows = db.execute("SELECT revision, article FROM revision")
        changed = [revision for revision, text in rows if not _is_its_own(revision, text)]
        stored = db.execute('SELECT id, article_id, revision, position, start, "end" FROM passage')
        return changed + [row[0] for row in stored if Passage(*row[1:], text="").id != row[0]]


def utc_now() -> str:
    """The time now (ISO 8601, to the second), as the archive writes times."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


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

"""Versions: every version of every article as its publisher gave it, and which of them is the current one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from datetime import date

from .article import NEVER, Article
from .clock import utc_now
from .embedding_store import EmbeddingStore
from .period import end_of_day

_KEPT = 2_000  # articles in memory, some 10 kB each
_USABLE = "usable_from <= :now"


class Versions(EmbeddingStore):
    _counted: tuple[int, str, dict[str, int]] | None = None  # edition, until when it holds, `publishers`

    def article(self, article_id: str) -> Article | None:
        """The current version."""
        row = (
            self._db()
            .execute("SELECT revision, article FROM revision WHERE article_id = ? AND current = 1", (article_id,))
            .fetchone()
        )
        return read_version(*row) if row else None

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
        return sorted((read_version(*row) for row in rows), key=lambda article: (article.version, article.updated))

    def articles(self) -> Iterator[Article]:
        """The current version of every article, newest first, those that may not be used too."""
        rows = self._db().execute(
            "SELECT revision, article FROM revision WHERE current = 1 ORDER BY published DESC, article_id"
        )
        return (read_version(*row) for row in rows)

    def usable_articles(self) -> Iterator[Article]:
        """The current version of every article of which an answer may be made now, newest first."""
        rows = self._db().execute(
            f"SELECT revision, article FROM revision WHERE current = 1 AND {_USABLE} ORDER BY published DESC, article_id",
            {"now": utc_now()},
        )
        return (read_version(*row) for row in rows)

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

    def versions_of(self, revisions: Collection[str]) -> dict[str, Article]:
        """Those of these revisions that are kept; what is still in memory is not read again."""
        found = {revision: article for revision in revisions if (article := _read.get(revision))}
        missing = [revision for revision in revisions if revision not in found]
        marks = ",".join("?" * len(missing))
        rows = self.rows(f"SELECT revision, article FROM revision WHERE revision IN ({marks})", missing)
        return found | {revision: read_version(revision, text) for revision, text in rows}

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


_read: OrderedDict[str, Article] = OrderedDict()


def read_version(revision: str, text: str) -> Article:
    """A revision never changes, so what was read of it is kept for the next time."""
    article = _read.get(revision)
    if article is None:
        article = _read[revision] = Article.from_json(text)
        if len(_read) > _KEPT:
            _read.popitem(last=False)
    return article

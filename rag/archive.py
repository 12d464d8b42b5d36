"""Archive: the record. One SQLite file holds every revision, the passages, the vectors and the ledger of inputs.

The indexes beside it are derived from it and can be thrown away. One process writes at a time (a file lock that
the kernel frees on death); any number read meanwhile (write-ahead log).
"""

from __future__ import annotations

from .article import Article
from .passage import Passage
from .passage_store import PassageStore


class Archive(PassageStore):
    """The articles, passages, vectors and inputs in ``directory``; `RecordFile` opens and guards the file itself, and
    between the two stand, each on the one before, `InputBook`, `EmbeddingStore`, `Versions` and `PassageStore`."""

    @property
    def embedder_name(self) -> str | None:
        """The name by which `embedder_named` finds what made the vectors; None for an empty archive."""
        return (self.setting("embedder") or "").rpartition("@")[0] or None

    def counts(self) -> dict[str, int]:
        """How many articles, revisions (old ones too), passages and quarantined inputs there are."""
        one = lambda sql: self._db().execute(sql).fetchone()[0]  # noqa: E731
        return {
            "articles": one("SELECT count(*) FROM revision WHERE current = 1"),
            "revisions": one("SELECT count(*) FROM revision"),
            "passages": self.size(),
            "quarantined": one("SELECT count(*) FROM input WHERE outcome = 'quarantined'"),
        }

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

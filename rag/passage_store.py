"""PassageStore: the passages of the current versions, each with its article and its vector."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from .article import Article
from .clock import utc_now
from .embedding_store import MANY
from .passage import Passage
from .stored_passage import StoredPassage
from .versions import Versions, read_version

_EARLIEST = "(SELECT min(o.published) FROM revision o WHERE o.article_id = p.article_id)"


class PassageStore(Versions):
    def size(self) -> int:
        """How many passages there are."""
        return self._db().execute("SELECT count(*) FROM passage").fetchone()[0]

    def passage_ids(self) -> set[str]:
        return {row[0] for row in self._db().execute("SELECT id FROM passage")}

    def stored(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """The passages of these ids that are current, by id."""
        return self._by_id(ids, _EARLIEST)

    def _by_id(self, ids: Sequence[str], earliest: str) -> dict[str, StoredPassage]:
        found: dict[str, StoredPassage] = {}
        for begin in range(0, len(ids), MANY):
            chunk = list(ids[begin : begin + MANY])
            found |= {s.passage.id: s for s in self._stored(chunk, earliest)}
        return found

    def _stored(self, ids: Sequence[str], earliest: str) -> Iterator[StoredPassage]:
        """Reads each article once, and none that is still in memory."""
        marks = ",".join("?" * len(ids))
        rows = self.rows(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", e.vector, '
            f"{earliest} FROM passage p JOIN embedding e ON e.key = p.embedding WHERE p.id IN ({marks})",
            ids,
        )
        articles = self.versions_of({row[1] for row in rows})
        for article_id, revision, position, start, end, vector, first in rows:
            if article := articles.get(revision):
                passage = Passage(article_id, revision, position, start, end, article.body[start:end])
                yield StoredPassage(passage, article, np.frombuffer(vector, dtype=np.float32), first)

    def usable(self, ids: Sequence[str]) -> dict[str, StoredPassage]:
        """Of these passages those that an answer may be made from now; every search asks here (embargo). The earliest
        publication, which took most of the time, is the indexes' alone to ask for."""
        now = utc_now()
        return {i: s for i, s in self._by_id(ids, "NULL").items() if s.article.usable_from <= now}

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
            article = read_version(revision, text)
            passage = Passage(article_id, revision, position, start, end, article.body[start:end])
            yield StoredPassage(passage, article, np.frombuffer(vector, dtype=np.float32), earliest)

    def put_passages(self, passages: Iterable[tuple[Passage, str]]) -> None:
        """Pairs of a passage and the key of its embedding, which is there already."""
        edition = self.edition + 1
        with self.transaction() as db:
            db.executemany(
                "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((p.id, p.article_id, p.revision, p.position, p.start, p.end, key, edition) for p, key in passages),
            )

    def passages_without_vectors(self) -> list[tuple[Article, Passage]]:
        """Passages whose embedding somebody took away; every search passes them over."""
        rows = self._db().execute(
            'SELECT p.article_id, p.revision, p.position, p.start, p."end", r.article FROM passage p '
            "JOIN revision r ON r.revision = p.revision WHERE p.embedding NOT IN (SELECT key FROM embedding)"
        )
        found = []
        for *place, start, end, text in rows:
            article = read_version(place[1], text)
            found.append((article, Passage(*place, start, end, article.body[start:end])))
        return found

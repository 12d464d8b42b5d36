"""EmbeddingStore: the vectors of passages and of their sentences, by the words that were embedded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from .embedder import Reading
from .input_book import InputBook

MANY = 500  # SQLite's default limit of variables in one statement was once 999


class EmbeddingStore(InputBook):
    def known_embeddings(self, keys: Iterable[str]) -> set[str]:
        wanted = list(dict.fromkeys(keys))
        known: set[str] = set()
        for begin in range(0, len(wanted), MANY):
            chunk = wanted[begin : begin + MANY]
            marks = ",".join("?" * len(chunk))
            known |= {row[0] for row in self._db().execute(f"SELECT key FROM embedding WHERE key IN ({marks})", chunk)}
        return known

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

    def put_embeddings(self, readings: dict[str, Reading], table: str = "embedding") -> None:
        """By key: the vector of a passage as float32, those of its sentences as float16 (cosines to three digits)."""
        with self.transaction() as db:
            rows = (
                (key, reading.vector.astype(np.float32).tobytes(), reading.parts.astype(np.float16).tobytes())
                for key, reading in readings.items()
            )
            db.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)

    def drop_unused_embeddings(self) -> None:
        """What no passage needs any more, kept so far in case that an old text comes back."""
        with self.transaction() as db:
            db.execute("DELETE FROM embedding WHERE key NOT IN (SELECT embedding FROM passage)")
            db.execute("DROP TABLE IF EXISTS embedding_anew")
            db.execute("DELETE FROM setting WHERE name = 'embedding anew'")

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

    @property
    def edition(self) -> int:
        """A number that grows with every change of the passages; an index says which edition it reflects."""
        return int(self.setting("edition") or 0)

    def next_edition(self) -> int:
        """Says that the passages have changed; readers in other processes see it at their next question."""
        with self.transaction() as db:
            db.execute("UPDATE setting SET value = value + 1 WHERE name = 'edition'")
        return self.edition

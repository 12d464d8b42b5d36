"""Search: a question -> hits. Each clause is searched by meaning and by words, the best are read and rated by their
sentences, and places are shared out.

No model is called. What the question names (publishers, days) shifts scores and never filters; a hard filter is the
caller's, as a `Filter`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from .archive import Archive
from .as_of import carried_then, reread, standing_then
from .copies import clusters_of
from .coverage import Coverage
from .embedder import Embedder, embedder_named
from .errors import EmbedderMismatch
from .filter import Filter
from .index.pair import IndexPair
from .index.passage_index import Probe
from .passage import Hit
from .places import shared_out
from .question import Question, understand
from .ranking import Ranking, Weights, clauses_of
from .reason import reasoned
from .reranker import Reranker
from .stored_passage import StoredPassage
from .words import terms

CANDIDATES = 150  # of each list; 300 found nothing better on any half that is tuned on, at a third more time
_STORIES = 3  # articles that are read for each place that is asked for, at least
_PASSAGES = 5  # and passages
_RERANKED = 30  # passages that a reranker reads
_REREAD = 3  # stories read in an earlier version for each place that is asked for


class Searcher:
    """An archive opened for searching. Several threads may search at once."""

    def __init__(
        self,
        archive: Archive,
        embedder: Embedder,
        indexes: IndexPair,
        weights: Weights = Weights(),
        reranker: Reranker | None = None,
    ) -> None:
        stored = archive.setting("embedder")
        if stored is not None and stored != embedder.fingerprint:
            raise EmbedderMismatch(archive.directory, stored, embedder.fingerprint)
        self.archive = archive
        self.embedder = embedder
        self.indexes = indexes
        self.weights = weights
        self.reranker = reranker

    @classmethod
    def open(
        cls,
        directory: str | Path,
        embedder: Embedder | None = None,
        weights: Weights = Weights(),
        reranker: Reranker | None = None,
    ) -> Searcher:
        """Opens the archive in ``directory`` with the embedder that made it; ArchiveNotFound, EmbedderMismatch."""
        archive = Archive.open(directory)
        embedder = embedder or embedder_named(archive.embedder_name)
        return cls(archive, embedder, IndexPair.for_reading(archive), weights, reranker)

    def close(self) -> None:
        self.indexes.close()
        self.archive.close()

    def understand(self, text: str, asked_on: date | None = None) -> Question:
        asked_on = asked_on or date.today()
        coverage = Coverage(self.archive, self.indexes.lexical)
        dated = partial(coverage.first_day, until=asked_on)
        return understand(text, self.archive.publishers(), asked_on, bylines=coverage.bylines, dated=dated)

    def _follow_embedder(self) -> None:
        """Another process may have embedded the archive anew with another model."""
        stored = self.archive.setting("embedder")
        if stored is not None and stored != self.embedder.fingerprint:
            self.embedder = embedder_named(self.archive.embedder_name)
            if stored != self.embedder.fingerprint:
                raise EmbedderMismatch(self.archive.directory, stored, self.embedder.fingerprint)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term (Robertson and Zaragoza 2009), 0 or more."""
        held, size = self.indexes.lexical.frequency(term), self.indexes.lexical.size()
        return math.log(1 + (max(size, held) - held + 0.5) / (held + 0.5))

    def search(self, question: Question, k: int = 10, only: Filter = Filter()) -> list[Hit]:
        """At most k hits, best first; fewer where the archive or the filter holds no more."""
        self.indexes.refresh()
        self._follow_embedder()
        texts = [clause.text for clause in clauses_of(question)]
        vectors = self.embedder.vectors(texts)
        probes = [Probe(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        lists = self.indexes.found(probes, max(CANDIDATES, k), only)
        listed = self.indexes.listed(list({f.passage_id for pair in lists for found in pair for f in found}), only)
        ranking = Ranking(question, lists, listed, self.weights)
        stories = [listed[i].article_id for i in ranking.best]
        reach = 0
        while True:
            reach = _reach(stories, k, reach)
            hits = self._reranked(question, self._hits(ranking, ranking.best[:reach], vectors, only))
            shown = self._shown(hits, question, k, only.as_of)
            if len(shown) == k or reach == len(stories):
                return shown

    def _hits(self, ranking: Ranking, ids: Sequence[str], vectors: np.ndarray, only: Filter) -> list[Hit]:
        """These passages read and rated once more, by their best sentences, best first."""
        stored = self._read(ids, only)
        sentences = self.archive.sentence_vectors(list(stored)) if self.weights.sentences else {}
        hits = []
        for i, held in stored.items():
            parts = sentences.get(i)
            cosines = (parts @ vectors.T).max(axis=0) if parts is not None and len(parts) else None
            rated = ranking.rated(i, held.article, cosines)
            ranks, reason = ranking.ranks(i, rated.clause), ranking.reason(rated.clause)
            hits.append(Hit(held.passage, held.article, round(rated.score, 6), ranks, reason=reason))
        return sorted(hits, key=_best_first)

    def _reranked(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """With a reranker, the first hits have what it thinks of them added to their scores."""
        if self.reranker is None or not hits:
            return hits
        first = hits[:_RERANKED]
        scores = self.reranker(question.text, [hit.passage.text for hit in first])
        rescored = [replace(hit, score=round(hit.score + float(s), 6)) for hit, s in zip(first, scores, strict=True)]
        return sorted(rescored + hits[_RERANKED:], key=_best_first)

    def _read(self, ids: Sequence[str], only: Filter) -> dict[str, StoredPassage]:
        """Those of the passages that the archive, which has the last word, holds and lets be used, and that pass."""
        stored = self.archive.usable(ids)
        if only.as_of:
            stored = standing_then(stored, only.as_of, self.archive)
        return {i: s for i, s in stored.items() if only.allows(s)}

    def _shown(self, hits: list[Hit], question: Question, k: int, as_of: date | None) -> list[Hit]:
        """The hits that get a place, those of later versions read as they stood; ``hits`` are sorted best first."""
        if as_of:
            wanted = {term: self.rarity(term) for term in set(terms(question.text))}
            hits = reread(hits, wanted, as_of, _REREAD * k)
        clusters = clusters_of(self.archive, (hit.article.id for hit in hits))
        if as_of:
            clusters = carried_then(clusters, as_of, self.archive)
        named = {name for clause in (question.whole, *question.clauses) for name in clause.publishers}
        return reasoned(shared_out(hits, k, clusters, named, self.weights.again), question, hits, clusters)


def _best_first(hit: Hit) -> tuple[float, str]:
    return -hit.score, hit.passage.id


def _reach(stories: Sequence[str], k: int, before: int) -> int:
    """How many of the passages, best first, are read for k places, more than ``before``: those of `_STORIES` stories a
    place; copies, repetitions and a story's share leave places to the next ones."""
    told: set[str] = set()
    for n, story in enumerate(stories):
        told.add(story)
        if n + 1 >= max(_PASSAGES * k, 3 * before) and len(told) >= _STORIES * k:
            return n + 1
    return len(stories)

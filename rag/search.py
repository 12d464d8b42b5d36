"""Search: a question -> hits. Dense and lexical scores are added, clause by clause, and places are shared out.

No model is called. What the question names (publishers, days) shifts scores and never filters; a hard filter is the
caller's, as a `Filter`.
"""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

from .archive import Archive
from .as_of import carried_then, reread, standing_then
from .copies import clusters_of
from .embedder import Embedder, embedder_named
from .errors import EmbedderMismatch
from .filter import Filter
from .index.pair import IndexPair
from .index.passage_index import Probe
from .passage import Hit
from .places import shared_out
from .question import Question, understand
from .ranking import Weights, ranks, totals
from .reason import reasoned
from .words import terms

CANDIDATES = 300
_REREAD = 3  # stories read in an earlier version for each place that is asked for


class Searcher:
    """An archive opened for searching. Several threads may search at once."""

    def __init__(self, archive: Archive, embedder: Embedder, indexes: IndexPair, weights: Weights = Weights()) -> None:
        stored = archive.setting("embedder")
        if stored is not None and stored != embedder.fingerprint:
            raise EmbedderMismatch(archive.directory, stored, embedder.fingerprint)
        self.archive = archive
        self.embedder = embedder
        self.indexes = indexes
        self.weights = weights

    @classmethod
    def open(cls, directory: str | Path, embedder: Embedder | None = None, weights: Weights = Weights()) -> Searcher:
        """Opens the archive in ``directory`` with the embedder that made it; ArchiveNotFound, EmbedderMismatch."""
        archive = Archive.open(directory)
        embedder = embedder or embedder_named(archive.embedder_name)
        return cls(archive, embedder, IndexPair.for_reading(archive), weights)

    def close(self) -> None:
        self.indexes.close()
        self.archive.close()

    def understand(self, text: str, asked_on: date | None = None) -> Question:
        return understand(text, self.archive.publishers(), asked_on)

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
        clauses = (question.whole, *question.clauses)
        vectors = self.embedder.vectors([clause.text for clause in clauses])
        probes = [Probe(clause.text, vector) for clause, vector in zip(clauses, vectors, strict=True)]
        depth = max(CANDIDATES, k)
        while True:
            lists = [(self.indexes.dense(probe, depth), self.indexes.sparse(probe, depth)) for probe in probes]
            stored = self.archive.usable(list({f.passage_id for pair in lists for found in pair for f in found}))
            if only.as_of:
                stored = standing_then(stored, only.as_of, self.archive)
            allowed = {i: s for i, s in stored.items() if only.allows(s)}
            if not only or len(allowed) >= k or max(len(found) for pair in lists for found in pair) < depth:
                break
            depth *= 10  # a narrow filter: look deeper and cut afterwards, Chroma's own filters are slow
        scores = totals(clauses, lists, allowed, question, self.weights)
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        by_list = ranks(clauses, lists)
        hits = []
        for i, score in best:
            places, reason = by_list[i]
            hits.append(Hit(allowed[i].passage, allowed[i].article, round(score, 6), places, reason=reason))
        return self._shown(hits, question, k, only.as_of)

    def _shown(self, hits: list[Hit], question: Question, k: int, as_of: date | None) -> list[Hit]:
        """The hits that get a place, those of later versions read as they stood; ``hits`` are sorted best first."""
        if as_of:
            wanted = {term: self.rarity(term) for term in set(terms(question.text))}
            hits = reread(hits, wanted, as_of, _REREAD * k)
        clusters = clusters_of(self.archive, (hit.article.id for hit in hits))
        if as_of:
            clusters = carried_then(clusters, as_of, self.archive)
        named = {name for clause in (question.whole, *question.clauses) for name in clause.publishers}
        return reasoned(shared_out(hits, k, clusters, named), question, hits, clusters)

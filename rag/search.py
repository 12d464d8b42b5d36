"""Search: a question -> hits. Dense and lexical scores are added, clause by clause, and places are shared out.

No model is called. What the question names (publishers, days) shifts scores and never filters; a hard filter is the
caller's, as a `Filter`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .archive import Archive, StoredPassage
from .as_of import carried_then, reread, standing_then
from .copies import clusters_of
from .embedder import Embedder, embedder_named
from .errors import EmbedderMismatch
from .index.pair import IndexPair
from .index.passage_index import Found, Probe
from .passage import Hit, Reason
from .places import shared_out
from .question import Clause, Question, understand
from .reason import reasoned
from .words import terms

# Tuned on the first half of the MultiHop-RAG questions of eval/multihop.py; the other half is reported.
DENSE_WEIGHT = 0.4
CLAUSE_WEIGHT = 1.0
PUBLISHER_BONUS = 0.3
PERIOD_BONUS = 0.2
LATEST_BONUS = 0.1
CANDIDATES = 300
_REREAD = 3  # stories read in an earlier version for each place that is asked for


@dataclass(frozen=True, slots=True)
class Filter:
    """What the caller allows: these publishers only, first published from/to these days (both counted in), and the archive
    as it stood at the end of the day ``as_of``: what came later is not there, what was revised since is read as it was."""

    publishers: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    def allows(self, stored: StoredPassage) -> bool:
        """Whether publisher and day pass; `rag.as_of` has put the version of the day there before."""
        article = stored.article
        if self.publishers and article.publisher not in self.publishers:
            return False
        if not (self.first or self.last):
            return True
        day = article.published[:10]
        return bool(day) and (self.first or date.min).isoformat() <= day <= (self.last or date.max).isoformat()

    def __bool__(self) -> bool:
        return bool(self.publishers or self.first or self.last or self.as_of)


class Searcher:
    """An archive opened for searching. Several threads may search at once."""

    def __init__(self, archive: Archive, embedder: Embedder, indexes: IndexPair) -> None:
        stored = archive.setting("embedder")
        if stored is not None and stored != embedder.fingerprint:
            raise EmbedderMismatch(archive.directory, stored, embedder.fingerprint)
        self.archive = archive
        self.embedder = embedder
        self.indexes = indexes

    @classmethod
    def open(cls, directory: str | Path, embedder: Embedder | None = None) -> Searcher:
        """Opens the archive in ``directory`` with the embedder that made it; ArchiveNotFound, EmbedderMismatch."""
        archive = Archive.open(directory)
        embedder = embedder or embedder_named(archive.embedder_name)
        return cls(archive, embedder, IndexPair.for_reading(archive))

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
        totals = _totals(clauses, lists, allowed, question)
        best = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
        ranks = _ranks(clauses, lists)
        hits = []
        for i, score in best:
            places, reason = ranks[i]
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


def _totals(
    clauses: tuple[Clause, ...],
    lists: list[tuple[list[Found], list[Found]]],
    allowed: dict[str, StoredPassage],
    question: Question,
) -> dict[str, float]:
    """The score of each passage: as an answer to the whole question, and to the clause that it fits best."""
    by_clause = [_clause_scores(clause, *pair, allowed) for clause, pair in zip(clauses, lists, strict=True)]
    whole, parts = by_clause[0], by_clause[1:]
    lean = _lean_to_latest(allowed) if question.wants_latest else {}
    return {
        i: whole.get(i, 0.0) + CLAUSE_WEIGHT * max((part.get(i, 0.0) for part in parts), default=0.0) + lean.get(i, 0.0)
        for i in allowed
    }


def _clause_scores(
    clause: Clause, dense: list[Found], sparse: list[Found], allowed: dict[str, StoredPassage]
) -> dict[str, float]:
    by_meaning, by_words = _normalised(dense), _normalised(sparse)
    scores = {}
    for i in by_meaning.keys() | by_words.keys():
        if i in allowed:
            article = allowed[i].article
            scores[i] = DENSE_WEIGHT * by_meaning.get(i, 0.0) + (1 - DENSE_WEIGHT) * by_words.get(i, 0.0)
            scores[i] += PUBLISHER_BONUS * (article.publisher in clause.publishers)
            scores[i] += PERIOD_BONUS * any(period.holds(article.published) for period in clause.periods)
    return scores


def _normalised(found: list[Found]) -> dict[str, float]:
    """Scores of one list between 0 (its last) and 1 (its first), so that cosines and BM25 can be added."""
    if not found:
        return {}
    high, low = found[0].score, found[-1].score
    return {f.passage_id: (f.score - low) / (high - low) if high > low else 1.0 for f in found}


def _lean_to_latest(allowed: dict[str, StoredPassage]) -> dict[str, float]:
    """From 0 for the oldest version to `LATEST_BONUS` for the newest; unknown times get nothing."""
    times = sorted({stored.article.updated for stored in allowed.values() if stored.article.updated})
    place = {time: (n + 1) / len(times) for n, time in enumerate(times)}
    return {i: LATEST_BONUS * place.get(stored.article.updated, 0.0) for i, stored in allowed.items()}


def _ranks(
    clauses: tuple[Clause, ...], lists: list[tuple[list[Found], list[Found]]]
) -> dict[str, tuple[dict[str, int], Reason]]:
    """By passage its ranks in the lists of the whole question, or else of the first clause that found it."""
    ranks: dict[str, tuple[dict[str, int], Reason]] = {}
    for n, pair in enumerate(lists):
        reason = Reason(clause=clauses[n].text if n else "")
        here: dict[str, dict[str, int]] = {}
        for name, found in zip(("dense", "lexical"), pair, strict=True):
            for rank, f in enumerate(found, start=1):
                here.setdefault(f.passage_id, {})[name] = rank
        ranks = {i: (places, reason) for i, places in here.items()} | ranks
    return ranks

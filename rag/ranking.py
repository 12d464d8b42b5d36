"""Ranking: the scores of what the indexes found, added up, clause by clause."""

from __future__ import annotations

from .archive import StoredPassage
from .index.passage_index import Found
from .passage import Reason
from .question import Clause, Question

# Tuned on the first half of the MultiHop-RAG questions of eval/multihop.py; the other half is reported.
DENSE_WEIGHT = 0.4
CLAUSE_WEIGHT = 1.0
PUBLISHER_BONUS = 0.3
PERIOD_BONUS = 0.2
LATEST_BONUS = 0.1


def totals(
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


def ranks(
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

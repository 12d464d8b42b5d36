"""Ranking: the scores of what the indexes found, added up, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from .archive import StoredPassage
from .index.passage_index import Found
from .passage import Reason
from .question import Clause, Question


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the ranking counts for; 0 leaves a part out. Tuned on the first half of the MultiHop-RAG questions
    and of eval/data/sample_questions.jsonl; the other halves are reported.

    ``dense`` is the share of meaning in a list's score, the words have the rest; ``clause`` weighs the best clause beside
    the whole question; the others are added where the question names the publisher or the days, or asks for the latest.
    """

    dense: float = 0.4
    clause: float = 1.0
    publisher: float = 0.3
    period: float = 0.2
    latest: float = 0.1


def totals(
    clauses: tuple[Clause, ...],
    lists: list[tuple[list[Found], list[Found]]],
    allowed: dict[str, StoredPassage],
    question: Question,
    weights: Weights,
) -> dict[str, float]:
    """The score of each passage: as an answer to the whole question, and to the clause that it fits best."""
    by_clause = [_clause_scores(clause, *pair, allowed, weights) for clause, pair in zip(clauses, lists, strict=True)]
    whole, parts = by_clause[0], by_clause[1:]
    lean = _lean_to_latest(allowed, weights.latest) if question.wants_latest else {}
    return {
        i: whole.get(i, 0.0)
        + weights.clause * max((part.get(i, 0.0) for part in parts), default=0.0)
        + lean.get(i, 0.0)
        for i in allowed
    }


def _clause_scores(
    clause: Clause, dense: list[Found], sparse: list[Found], allowed: dict[str, StoredPassage], weights: Weights
) -> dict[str, float]:
    by_meaning, by_words = _normalised(dense), _normalised(sparse)
    scores = {}
    for i in by_meaning.keys() | by_words.keys():
        if i in allowed:
            article = allowed[i].article
            scores[i] = weights.dense * by_meaning.get(i, 0.0) + (1 - weights.dense) * by_words.get(i, 0.0)
            scores[i] += weights.publisher * (article.publisher in clause.publishers)
            scores[i] += weights.period * any(period.holds(article.published) for period in clause.periods)
    return scores


def _normalised(found: list[Found]) -> dict[str, float]:
    """Scores of one list between 0 (its last) and 1 (its first), so that cosines and BM25 can be added."""
    if not found:
        return {}
    high, low = found[0].score, found[-1].score
    return {f.passage_id: (f.score - low) / (high - low) if high > low else 1.0 for f in found}


def _lean_to_latest(allowed: dict[str, StoredPassage], most: float) -> dict[str, float]:
    """From 0 for the oldest version to ``most`` for the newest; unknown times get nothing."""
    times = sorted({stored.article.updated for stored in allowed.values() if stored.article.updated})
    place = {time: (n + 1) / len(times) for n, time in enumerate(times)}
    return {i: most * place.get(stored.article.updated, 0.0) for i, stored in allowed.items()}


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

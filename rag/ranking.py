"""Ranking: what a passage that the indexes found is worth as an answer to the clause of the question that it fits best.

A clause is answered by words (BM25, as a share of the best in its list), by meaning (a cosine) and by what it names. The
meaning is first that of the passage, as the vector index gives it; for the best, which are read, that of their best
sentence: a passage is as good as the one sentence in it that answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .article import Article
from .index.passage_index import Found, Listed
from .passage import Reason
from .question import Clause, Question
from .recency import lean


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part of the ranking counts for; 0 leaves a part out. Fitted (listwise, by folds) on the first half of the
    MultiHop-RAG questions, of SQuAD's and of eval/data/sample_questions.jsonl together; the other halves are reported.

    ``words`` and ``meaning`` weigh every passage; ``publisher`` (once for the question and once for the clause),
    ``author`` and ``period`` are added where they are named, ``latest`` where the newest or the first word is asked for,
    ``recency`` where no time is named. Without ``sentences`` the meaning stays that of the whole passage. ``again`` is what
    each place that a story, or a clause, has got takes from its next passage (see `rag.places`).
    """

    words: float = 0.26
    meaning: float = 0.74
    sentences: bool = True
    publisher: float = 0.15
    author: float = 0.15
    period: float = 0.27
    latest: float = 0.1
    recency: float = 0.1
    again: float = 0.05


@dataclass(frozen=True, slots=True)
class Rated:
    """A passage's score and the number of the clause that it fits best."""

    score: float
    clause: int


class Ranking:
    """One question's candidates: ``lists`` are by clause what was found by meaning and by words, ``listed`` those that may
    be shown."""

    def __init__(
        self,
        question: Question,
        lists: Sequence[tuple[list[Found], list[Found]]],
        listed: Mapping[str, Listed],
        weights: Weights,
    ) -> None:
        self._question = question
        self._clauses = clauses_of(question)
        self._lists = lists
        self._weights = weights
        self._words = [_shares(by_words) for _, by_words in lists]
        self._meaning = [dict(by_meaning) for by_meaning, _ in lists]
        self._floor = [by_meaning[-1].score if by_meaning else 0.0 for by_meaning, _ in lists]
        self._order = _order(listed.values(), question)
        self.best = self._estimated(listed)

    def _estimated(self, listed: Mapping[str, Listed]) -> list[str]:
        """The candidates, best first by what the indexes alone say of them."""
        rated = {i: self.rated(i, told) for i, told in listed.items()}
        return sorted(rated, key=lambda i: (-rated[i].score, i))

    def rated(self, passage_id: str, told: Listed | Article, sentences: np.ndarray | None = None) -> Rated:
        """``sentences`` are the cosines of its best sentence to each clause, where they are known."""
        # Who was not among the nearest has at most the last one's cosine.
        near = [found.get(passage_id, floor) for found, floor in zip(self._meaning, self._floor, strict=True)]
        scores = [
            self._weights.words * words.get(passage_id, 0.0)
            + self._weights.meaning * float(cosine)
            + self._named(told, clause)
            for words, cosine, clause in zip(
                self._words, near if sentences is None else sentences, self._clauses, strict=True
            )
        ]
        best = max(range(len(scores)), key=scores.__getitem__)
        return Rated(scores[best] + self._leaning(told), best)

    def _named(self, told: Listed | Article, clause: Clause) -> float:
        weights = self._weights
        named = weights.publisher * (told.publisher in clause.publishers) if clause.publishers else 0.0
        if clause.periods and any(period.holds(told.published) for period in clause.periods):
            named += weights.period
        if clause.authors and not set(clause.authors).isdisjoint(told.bylines):
            named += weights.author
        return named

    def _leaning(self, told: Listed | Article) -> float:
        """What counts for the whole question: its publishers, and when the passage was published."""
        question, weights = self._question, self._weights
        score = weights.publisher * (told.publisher in question.whole.publishers)
        if question.names_no_time and weights.recency:
            score += weights.recency * lean(told.published, question.asked_on)
        return score + weights.latest * self._order.get(_time(told, question), 0.0)

    def ranks(self, passage_id: str, clause: int) -> dict[str, int]:
        """Its rank, from 1, in the lists of a clause that hold it."""
        ranks = {}
        for name, found in zip(("dense", "lexical"), self._lists[clause], strict=True):
            place = next((n for n, f in enumerate(found, start=1) if f.passage_id == passage_id), 0)
            ranks |= {name: place} if place else {}
        return ranks

    def reason(self, clause: int) -> Reason:
        return Reason(clause=self._clauses[clause].text if self._question.clauses else "")


def clauses_of(question: Question) -> tuple[Clause, ...]:
    """What is searched for: the clauses of the question, or the whole where it has one matter."""
    return question.clauses or (question.whole,)


def _shares(found: Sequence[Found]) -> dict[str, float]:
    """BM25 scores, which have no scale, as shares of the best."""
    return {f.passage_id: f.score / found[0].score for f in found} if found and found[0].score > 0 else {}


def _time(told: Listed | Article, question: Question) -> str:
    return told.published if question.wants_first else told.updated


def _order(listed: Iterable[Listed], question: Question) -> dict[str, float]:
    """Where the newest word is asked for, from near 0 for the oldest version to 1 for the newest; where the first is, the
    other way round by publication. An unknown time gets nothing."""
    if not (question.wants_latest or question.wants_first):
        return {}
    times = sorted({time for told in listed if (time := _time(told, question))}, reverse=question.wants_first)
    return {time: (n + 1) / len(times) for n, time in enumerate(times)}

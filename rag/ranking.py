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
        self._ranks = [[{f.passage_id: n for n, f in enumerate(found, start=1)} for found in pair] for pair in lists]
        self._weights = weights
        self._words = [_shares(by_words) for _, by_words in lists]
        self._meaning = [dict(by_meaning) for by_meaning, _ in lists]
        self._floor = [by_meaning[-1].score if by_meaning else 0.0 for by_meaning, _ in lists]
        self._order = _order(listed.values(), question)
        self._names = any(clause.publishers or clause.periods or clause.authors for clause in self._clauses)
        self._leans = weights.recency if question.names_no_time else 0.0
        self.best = self._estimated(listed)

    def _estimated(self, listed: Mapping[str, Listed]) -> list[str]:
        """The candidates, best first by what the indexes alone say of them; a thousand of them, so all at once."""
        ids = sorted(listed)
        if not ids:
            return []
        stories = {told.article_id: told for told in listed.values()}  # a dozen of its passages may have been found
        named = {article_id: self._named(told) for article_id, told in stories.items()}
        known = np.array([named[listed[i].article_id] for i in ids])
        words = np.array([[found.get(i, 0.0) for i in ids] for found in self._words]).T
        near = zip(self._meaning, self._floor, strict=True)
        meaning = np.array([[found.get(i, floor) for i in ids] for found, floor in near]).T
        scores = (known + self._weights.words * words + self._weights.meaning * meaning).max(axis=1)
        return [ids[n] for n in np.argsort(-scores, kind="stable")]

    def rated(self, passage_id: str, article: Article, sentences: np.ndarray | None = None) -> Rated:
        """``sentences`` are the cosines of its best sentence to each clause, where they are known."""
        meaning = self._near(passage_id) if sentences is None else sentences.tolist()
        scores = self._scores(passage_id, self._named(article), meaning)
        best = max(range(len(scores)), key=scores.__getitem__)
        return Rated(scores[best], best)

    def _near(self, passage_id: str) -> list[float]:
        """Its cosine to each clause; who was not among the nearest has at most the last one's."""
        return [found.get(passage_id, floor) for found, floor in zip(self._meaning, self._floor, strict=True)]

    def _scores(self, passage_id: str, named: list[float], meaning: list[float]) -> list[float]:
        """What it is worth to each clause."""
        by_words, by_meaning = self._weights.words, self._weights.meaning
        columns = zip(named, self._words, meaning, strict=True)
        return [known + by_words * words.get(passage_id, 0.0) + by_meaning * cosine for known, words, cosine in columns]

    def _named(self, told: Listed | Article) -> list[float]:
        """By clause what counts for every passage of an article: what is named there, and when it was published."""
        leaning = self._leaning(told)
        if not self._names:
            return [leaning] * len(self._clauses)
        return [leaning + self._named_in(clause, told) for clause in self._clauses]

    def _named_in(self, clause: Clause, told: Listed | Article) -> float:
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
        if self._leans:
            score += self._leans * lean(told.published, question.asked_on)
        return score + weights.latest * self._order.get(_time(told, question), 0.0) if self._order else score

    def ranks(self, passage_id: str, clause: int) -> dict[str, int]:
        """Its rank, from 1, in the lists of a clause that hold it."""
        lists = zip(("dense", "lexical"), self._ranks[clause], strict=True)
        return {name: ranks[passage_id] for name, ranks in lists if passage_id in ranks}

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

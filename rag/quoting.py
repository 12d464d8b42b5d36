"""The answer without any model: the few verbatim sentences of the hits that answer the question, or none.

Each sentence of the hits is a candidate (`rag.candidates`). What speaks for it is weighed and added up; the best are read
once more, word by word. Each part of a question gets its own sentence; an account is told in the order of the days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from .candidates import READ_CLOSELY, Candidate, candidates, read_closely
from .confidence import Signs, confidence
from .expectation import Expectation, expected
from .passage import Hit
from .question import Question
from .search import Searcher
from .words import terms

LEAST_CONFIDENCE = 0.5
MOST_SENTENCES = 3
_MOST_OF_AN_ACCOUNT = 5
# What a clause's second sentence gives way by; and how far behind the best a sentence may be and still be quoted.
_SAME_CLAUSE = 0.7
_FAR_BEHIND = 4.0
_SAME_DAY = 1.0
_ACCOUNT = re.compile(
    r"\bwhat (?:has |had )?happened (?:to|with|in|at|during|after|since|on)\b|\bwhat became of\b|\btimeline\b|\bhow did .{2,80} unfold\b"
    r"|\b(?:tell me|what is known) about\b|\bwhat(?:'s|’s| is) the story\b|\bsum(?:mari[sz]e| up)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuotingWeights:
    """What each trait of a candidate counts for. Fitted, listwise, to the tune halves of eval/data/sample_questions.jsonl, of
    SQuAD and of MultiHop-RAG by ``python -m eval fit``; the other halves are reported."""

    meaning: float = 2.12
    words: float = 2.05
    nearby: float = 1.44
    fit: float = 1.79
    spoken: float = 0.28
    rank: float = 1.4
    order: float = 1.81
    latest: float = 0.3
    whole: float = 2.37
    mean: float = 3.18
    least: float = 1.6


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate and what it is worth."""

    candidate: Candidate
    worth: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences that answer, in the order to show them, and how sure that is (0 to 1)."""

    quotes: tuple[Candidate, ...]
    confidence: float

    @property
    def answers(self) -> bool:
        return bool(self.quotes) and self.confidence >= LEAST_CONFIDENCE


def select(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Selection:
    """Picks the sentences to quote from hits that are sorted best first."""
    weighed = weighed_closely(question, hits, searcher)
    if not weighed:
        return Selection((), 0.0)
    chosen = _chosen(question, weighed)
    quotes = [one.candidate for one in chosen]
    ordered = _by_day(quotes) if is_account(question) else _by_article(quotes)
    if expected(question.text) is Expectation.IDENTITY:
        return Selection(ordered, float(quotes[0].fit >= 1 and not quotes[0].strange))
    return Selection(ordered, confidence(Signs.of(question, quotes, hits, min(one.worth for one in chosen))))


def is_account(question: Question) -> bool:
    """Whether it asks how something went: the answer is told by the days."""
    return question.wants_change or bool(_ACCOUNT.search(question.text))


def weighed_closely(
    question: Question, hits: Sequence[Hit], searcher: Searcher, weights: QuotingWeights = QuotingWeights()
) -> list[Weighed]:
    """The best candidates, all of them read closely, best first."""
    first = _sorted(candidates(question, hits, searcher), weights)[:READ_CLOSELY]
    return _sorted(read_closely(question, [one.candidate for one in first], searcher), weights)


def traits(candidate: Candidate) -> dict[str, float]:
    """By the name of its weight, all that speaks for a candidate."""
    close = candidate.closely
    near = {"whole": close.whole, "mean": close.mean, "least": close.least}
    return {f.name: float(near[f.name] if f.name in near else getattr(candidate, f.name)) for f in fields(QuotingWeights)}


def _sorted(found: Sequence[Candidate], weights: QuotingWeights) -> list[Weighed]:
    weighed = (Weighed(one, sum(getattr(weights, n) * value for n, value in traits(one).items())) for one in found)
    return sorted(weighed, key=lambda one: -one.worth)


def _chosen(question: Question, weighed: Sequence[Weighed]) -> list[Weighed]:
    """The best of each part of the question, or of each day, by turns; none that repeats another or is far behind."""
    account = is_account(question)
    most = max(_MOST_OF_AN_ACCOUNT if account else MOST_SENTENCES, len(question.clauses))
    left = [one for one in weighed if one.worth >= weighed[0].worth - _FAR_BEHIND]
    chosen: list[Weighed] = []
    taken: Counter[object] = Counter()

    def turn(one: Weighed) -> object:
        return one.candidate.hit.article.published[:10] if account else one.candidate.clause

    again = _SAME_DAY if account else _SAME_CLAUSE if question.clauses else 0.0
    while left and len(chosen) < most:
        best = max(left, key=lambda one: one.worth - again * taken[turn(one)])
        left.remove(best)
        if not any(_repeats(best.candidate.text, other.candidate.text) for other in chosen):
            chosen.append(best)
            taken[turn(best)] += 1
    return chosen


def _repeats(text: str, other: str) -> bool:
    """Whether two sentences share most of their words (the shorter in the longer)."""
    first, second = set(terms(text)), set(terms(other))
    return len(first & second) >= 0.7 * max(1, min(len(first), len(second)))


def _by_article(quotes: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The best first; sentences of one article stay together in the order of its text."""
    articles = list(dict.fromkeys(quote.hit.article.id for quote in quotes))
    return tuple(sorted(quotes, key=lambda quote: (articles.index(quote.hit.article.id), quote.span.start)))


def _by_day(quotes: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """As they were published; an unknown time comes last."""
    return tuple(sorted(quotes, key=lambda quote: (quote.hit.article.published or "~", quote.span.start)))

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
from .premise import denied
from .question import Question
from .search import Searcher
from .sentences import Span
from .short_answer import short_span
from .words import terms

LEAST_CONFIDENCE = 0.5
# Below this it is said that the quotes may not answer. On the tune halves of the sample news and of SQuAD that holds for or
# refuses .58 and .53 of what nothing answers, at .14 and .31 of the rest.
_SURE = 0.7
MOST_SENTENCES = 3
_MOST_OF_AN_ACCOUNT = 5
# What a clause's second sentence gives way by; and how far behind the best a sentence may be and still be quoted.
_SAME_CLAUSE = 0.7
_FAR_BEHIND = 6.0
_SAME_DAY = 1.0
# From this confidence on a short answer is set off. On the tune half of the sample news 7 of 8 such were right, on
# the other 10 of 11.
_CERTAIN = 0.88
_ACCOUNT = re.compile(
    r"\bwhat (?:has |had )?happened (?:to|with|in|at|during|after|since|on)\b|\bwhat became of\b|\btimeline\b"
    r"|\bhow did .{2,80} unfold\b"
    r"|\b(?:tell me|what is known) about\b|\bwhat(?:'s|’s| is) the story\b|\bsum(?:mari[sz]e| up)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class QuotingWeights:
    """What each trait of a candidate counts for. Fitted, listwise, to the tune halves of eval/data/sample_questions.jsonl, of
    SQuAD and of MultiHop-RAG by ``python -m eval fit``; the other halves are reported."""

    meaning: float = 2.05
    words: float = 2.1
    nearby: float = 1.45
    fit: float = 1.82
    spoken: float = 0.28
    rank: float = 1.43
    order: float = 1.87
    latest: float = 0.42
    whole: float = 2.22
    mean: float = 3.17
    least: float = 1.58


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate and what it is worth."""

    candidate: Candidate
    worth: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences that answer, in the order to show them, and how sure that is (0 to 1); where the short answer stands in
    the body of the ``best`` one's article; the sentence that denies what the question takes for granted."""

    quotes: tuple[Candidate, ...]
    confidence: float
    best: Candidate | None = None
    short: Span | None = None
    denial: Candidate | None = None

    @property
    def is_sure(self) -> bool:
        return self.confidence >= _SURE

    @property
    def answers(self) -> bool:
        return bool(self.quotes) and self.denial is None and self.confidence >= LEAST_CONFIDENCE


def select(question: Question, hits: Sequence[Hit], searcher: Searcher) -> Selection:
    """Picks the sentences to quote from hits that are sorted best first."""
    weighed = weighed_closely(question, hits, searcher)
    if not weighed:
        return Selection((), 0.0)
    chosen = _chosen(question, weighed)
    quotes = [one.candidate for one in chosen]
    ordered = _by_day(quotes) if is_account(question) else tuple(quotes)
    if expected(question.text) is Expectation.IDENTITY:
        return Selection(ordered, float(quotes[0].fit >= 1 and not quotes[0].strange), quotes[0])
    sure = confidence(Signs.of(question, quotes, hits, min(one.worth for one in chosen)))
    short = short_span(question.text, quotes[0], _rivals(chosen)) if _is_plain(question, sure) else None
    return Selection(ordered, sure, quotes[0], short, denied(question.text, [one.candidate for one in weighed]))


def _is_plain(question: Question, sure: float) -> bool:
    """Whether it asks for one thing, and the quotes certainly tell it."""
    return sure >= _CERTAIN and not (question.clauses or question.compares or is_account(question))


def _rivals(chosen: Sequence[Weighed]) -> list[Candidate]:
    """The other quotes that are worth as much as the best: where one tells another number, none is certain."""
    return [one.candidate for one in chosen[1:] if one.worth >= chosen[0].worth]


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
    return {
        f.name: float(near[f.name] if f.name in near else getattr(candidate, f.name)) for f in fields(QuotingWeights)
    }


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


def _by_day(quotes: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """As they were published; an unknown time comes last."""
    return tuple(sorted(quotes, key=lambda quote: (quote.hit.article.published or "~", quote.span.start)))

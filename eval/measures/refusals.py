"""Refusals: is what the archive cannot answer refused, and nothing else; and how sure must one be to speak?

The risk-coverage curve is that of El-Yaniv and Wiener 2010; the area under it and the excess over the best order that
could be had of the same answers are those of Geifman and El-Yaniv 2017 and Geifman, Uziel and El-Yaniv 2019.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rag.prompt import PERHAPS

from ..outcome import Outcome
from .answers import is_right
from .measure import Measure, Scores

_KINDS = ("false_premise", "nearby", "absent")

MEASURES = (
    Measure("refusal_precision", "refusals of what cannot be answered, among all refusals"),
    Measure("refusal_recall", "questions that nothing answers, refused"),
    Measure("false_premise_refused", "questions that take something untrue for granted, refused"),
    Measure("nearby_refused", "questions on whose topic there is coverage but no answer, refused"),
    Measure("absent_refused", "questions on topics without coverage, refused"),
    Measure("refused_or_doubted", "questions that nothing answers, refused or answered with a word of doubt"),
    Measure("doubted", "questions that can be answered, refused or answered with a word of doubt", lower_is_better=True),
    Measure("rightly_answered", "questions that can be answered, not refused"),
)


# What may tell how sure one can be: the system's own confidence, and the score of the first passage as it was retrieved.
SURENESS: dict[str, Callable[[Outcome], float | None]] = {
    "confidence": lambda outcome: outcome.confidence,
    "first score": lambda outcome: outcome.found[0].score if outcome.found else None,
}


@dataclass(frozen=True, slots=True)
class Point:
    """What comes of answering only where the confidence is at least ``confidence``: ``coverage`` is the share of all
    questions that are answered, ``risk`` the share of wrong ones among the answers."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class Curve:
    """``points`` begin with the surest answers. ``area`` (AURC) is the mean of the risk at each answer in that order,
    equal confidences taken at once; ``excess`` (E-AURC) is how far it lies above that of the same answers with all the
    right ones first. Both 0 at best; None without answers that tell a confidence."""

    points: tuple[Point, ...] = ()
    area: float | None = None
    excess: float | None = None


def scores(outcome: Outcome) -> Scores:
    """A question that can be answered and one that cannot have different scores; a retriever alone has none."""
    if not outcome.answers:
        return {}
    refused = float(outcome.refused)
    found = {"refusal_precision": float(not outcome.question.answerable)} if outcome.refused else {}
    doubted = float(outcome.refused or PERHAPS in outcome.notice)
    if outcome.question.answerable:
        return found | {"rightly_answered": 1 - refused, "doubted": doubted}
    kind = outcome.question.kind
    found |= {"refusal_recall": refused, "refused_or_doubted": doubted}
    return found | ({f"{kind}_refused": refused} if kind in _KINDS else {})


def risk_coverage(outcomes: Sequence[Outcome]) -> Curve:
    """From the answers that were given; what the system refused counts as not covered at any confidence, since nobody knows
    what it would have said: to choose a threshold, ask a system whose own is switched off."""
    asked = [outcome for outcome in outcomes if outcome.answers]
    given = [(outcome.confidence, is_right(outcome)) for outcome in asked if not outcome.refused]
    ordered = sorted(((sure, right) for sure, right in given if sure is not None), key=lambda pair: -pair[0])
    if not ordered:
        return Curve()
    points, area, wrong = [], 0.0, 0
    begin = 0
    for place, (sure, right) in enumerate(ordered, start=1):
        wrong += not right
        if place < len(ordered) and ordered[place][0] == sure:
            continue  # a threshold cannot part equal confidences
        points.append(Point(sure, place / len(asked), wrong / place))
        area += (place - begin) * wrong / place / len(ordered)
        begin = place
    return Curve(tuple(points), area, max(0.0, area - _best_area(len(ordered), wrong)))


def risk_by(outcomes: Sequence[Outcome], name: str) -> float | None:
    """The area under the risk-coverage curve where all questions are taken in the order of one of `SURENESS`; what was
    refused counts as wrong, whatever it is, so that two scores of the same run can be set side by side. None where nothing
    was said, or the score is not told."""
    told = [(SURENESS[name](outcome), outcome) for outcome in outcomes]
    if not any(outcome.sentences for outcome in outcomes) or any(sure is None for sure, _ in told):
        return None
    ordered = sorted(told, key=lambda pair: -pair[0])  # stable: equal scores stay in the order of the questions
    wrong = accumulate(outcome.refused or not is_right(outcome) for _, outcome in ordered)
    return sum(count / place for place, count in enumerate(wrong, start=1)) / len(ordered)


def sureness(outcomes: Sequence[Outcome], name: str) -> tuple[list[float], list[float]]:
    """One of `SURENESS`, of the questions that can be answered and of the others, each sorted; without what tells none."""
    told = [(SURENESS[name](outcome), outcome.question.answerable) for outcome in outcomes]
    known, unknown = (
        sorted(sure for sure, answerable in told if answerable is wanted and sure is not None)
        for wanted in (True, False)
    )
    return known, unknown


def threshold(curve: Curve, risk: float) -> float | None:
    """The confidence from which on to answer so that most questions are answered at no more than this risk; None where no
    threshold keeps to it."""
    return min((point.confidence for point in curve.points if point.risk <= risk), default=None)


def _best_area(answers: int, wrong: int) -> float:
    """The area with every right answer before every wrong one."""
    right = answers - wrong
    return sum(max(0, place - right) / place for place in range(1, answers + 1)) / answers

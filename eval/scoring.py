"""All that is measured of one outcome, in the order in which it is shown."""

from __future__ import annotations

from rag.entailment import Entailment

from .measures import answers, citations, cost, news, refusals, retrieval
from .measures.entailment import words_carry
from .measures.measure import Measure, Scores
from .outcome import Outcome

MEASURES: tuple[Measure, ...] = (
    *retrieval.MEASURES,
    *answers.MEASURES,
    *citations.MEASURES,
    *refusals.MEASURES,
    *news.MEASURES,
    *cost.MEASURES,
)


def scores(outcome: Outcome, entails: Entailment = words_carry) -> Scores:
    """The figures of one outcome by the names of their measures; what cannot be asked of it is left out."""
    return (
        retrieval.scores(outcome)
        | answers.scores(outcome)
        | citations.scores(outcome, entails)
        | refusals.scores(outcome)
        | news.scores(outcome)
        | cost.scores(outcome)
    )

"""The questions that went wrong, by what went wrong with them, the worst first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ..measures.answers import is_right
from ..measures.measure import Measure, Scores
from ..outcome import Outcome
from ..question import Split
from ..record import Run
from .marking import holding, place_of

_LATE = 4


@dataclass(frozen=True, slots=True)
class Failure:
    """One question that went wrong; ``place`` is its place in the run, ``shortfall`` the mean of what its shares lack."""

    place: int
    outcome: Outcome
    scores: Scores
    shortfall: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong, all that went wrong so (``total``) and the worst of them."""

    name: str
    says: str
    total: int
    worst: Sequence[Failure]


def faults(run: Run, measures: Sequence[Measure], halves: Collection[Split], most: int) -> list[Fault]:
    """The ways in which questions of these halves went wrong, gravest first, with at most ``most`` questions of each.

    A question stands under the gravest of its faults alone.
    """
    groups: dict[str, list[Failure]] = {name: [] for name, _, _ in _FAULTS}
    for place, (outcome, held) in enumerate(zip(run.outcomes, run.scores, strict=True)):
        fault = fault_of(outcome) if outcome.question.split in halves else ""
        if fault:
            groups[fault].append(Failure(place, outcome, held, shortfall(held, measures)))
    return [
        Fault(name, says, len(groups[name]), sorted(groups[name], key=_gravity, reverse=True)[:most])
        for name, says, _ in _FAULTS
        if groups[name]
    ]


def fault_of(outcome: Outcome) -> str:
    """The name of the gravest fault, "" where nothing went wrong."""
    return next((name for name, _, applies in _FAULTS if applies(outcome)), "")


def shortfall(held: Scores, measures: Sequence[Measure]) -> float:
    """The mean of what a question's shares lack of the best; 0 where nothing of it is a share."""
    lacks = lacking(held, measures).values()
    return sum(lacks) / len(lacks) if lacks else 0.0


def lacking(held: Scores, measures: Sequence[Measure]) -> dict[str, float]:
    """What each share that was measured lacks of the best, by its name."""
    return {m.name: m.lack(held[m.name]) for m in measures if m.is_share and m.name in held}


def _gravity(failure: Failure) -> tuple[float, float]:
    """Among equals what the system was surest of comes first."""
    return failure.shortfall, failure.outcome.confidence or 0.0


def _answered_the_unanswerable(outcome: Outcome) -> bool:
    return outcome.answers and not outcome.question.answerable and not outcome.refused


def _cites_what_does_not_hold(outcome: Outcome) -> bool:
    return any(cited.holds is False for cited in outcome.citations)


def _cites_what_was_overtaken(outcome: Outcome) -> bool:
    stale = [fact.text for fact in outcome.question.stale if fact.text]
    return any(place_of(words, cited.quote) != (0, 0) for cited in outcome.citations for words in stale)


def _not_found(outcome: Outcome) -> bool:
    return bool(outcome.question.gold) and all(holding(outcome.found, fact) is None for fact in outcome.question.gold)


def _refused(outcome: Outcome) -> bool:
    return outcome.answers and outcome.question.answerable and outcome.refused


def _said_something_else(outcome: Outcome) -> bool:
    """Neither a sentence nor the words of a citation are a gold fact; a model says it in its own words and cites it."""
    if not outcome.answers or outcome.refused or not outcome.question.answerable or is_right(outcome):
        return False
    return not any(_share_words(cited.quote, fact) for cited in outcome.citations for fact in outcome.question.facts)


def _share_words(one: str, other: str) -> bool:
    return place_of(one, other) != (0, 0) or place_of(other, one) != (0, 0)


def _found_in_part(outcome: Outcome) -> bool:
    facts = outcome.question.gold
    return outcome.question.together and any(holding(outcome.found, fact) is None for fact in facts)


def _found_late(outcome: Outcome) -> bool:
    ranks = [holding(outcome.found, fact) or 0 for fact in outcome.question.gold]
    return bool(ranks) and min(ranks) > _LATE


_FAULTS: tuple[tuple[str, str, Callable[[Outcome], bool]], ...] = (
    (
        "Answered what the archive does not say",
        "Nothing in the archive answers the question; the right answer is a refusal.",
        _answered_the_unanswerable,
    ),
    (
        "Cited words that do not stand there",
        "The archive’s own text at the cited place is not what was shown as cited.",
        _cites_what_does_not_hold,
    ),
    (
        "Cited what was overtaken",
        "The cited words had been corrected or superseded by the day of the question.",
        _cites_what_was_overtaken,
    ),
    ("Did not find it", "No passage that was retrieved holds any of what answers.", _not_found),
    ("Refused what the archive does say", "A passage that answers was found, and yet nothing was said.", _refused),
    (
        "Found it and said something else",
        "A passage that answers was found; neither the answer nor what it cites are its words.",
        _said_something_else,
    ),
    ("Found only a part", "The answer takes several facts together, and not all of them were found.", _found_in_part),
    ("Found it late", f"The first passage that answers stands behind rank {_LATE}.", _found_late),
)


def by_question(run: Run) -> Mapping[str, Outcome]:
    return {outcome.question.id: outcome for outcome in run.outcomes}

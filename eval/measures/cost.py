"""Cost: how long a question takes, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable

from ..figures import percentile
from ..outcome import Outcome
from .measure import Measure, Scores

_STAGES = {
    "search": "seconds until the passages were there",
    "first words": "seconds until the first sentence, or the refusal, was there",
    "answer": "seconds until the whole answer was there",
}


def _name(stage: str) -> str:
    return f"seconds_{stage.replace(' ', '_')}"


MEASURES = tuple(Measure(_name(stage), says, unit="s", lower_is_better=True) for stage, says in _STAGES.items())


def scores(outcome: Outcome) -> Scores:
    """The seconds of each stage that was timed."""
    return {_name(stage): seconds for stage, seconds in outcome.seconds.items() if stage in _STAGES}


def latency(outcomes: Iterable[Outcome]) -> dict[str, tuple[float, float]]:
    """Stage -> the seconds that half of the questions and 95 of 100 did not exceed, over those that timed it."""
    timed: dict[str, list[float]] = {}
    for outcome in outcomes:
        for stage, seconds in outcome.seconds.items():
            timed.setdefault(stage, []).append(seconds)
    return {stage: (percentile(0.5, held) or 0.0, percentile(0.95, held) or 0.0) for stage, held in timed.items()}

"""Is one run better than another? Question by question, measure by measure, with an interval and a p-value.

Holm's adjustment is over everything that one call compares, so that twenty measures are not twenty chances of a lucky win.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .figures import Cell, probability, table
from .measures.measure import Measure
from .record import Run
from .statistics import Difference, holm, paired

LEVEL = 0.05  # the adjusted p below which a difference is told
_HEADINGS = ("measure", "base", "other", "difference", "95 % interval", "p", "p (Holm)", "n", "test", "verdict")


class RunsDiffer(Exception):
    """The runs were not asked the same; the message ends with the cure."""


class Verdict(StrEnum):
    """``SAME``: no question has another score. ``OTHER``: a measure that wants neither more nor less."""

    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    NOT_TOLD = "not told apart"
    SAME = "the same"


@dataclass(frozen=True, slots=True)
class Changed:
    """A question's two scores; None where a run has none."""

    question: str
    base: float | None
    other: float | None

    @property
    def size(self) -> float:
        """How far it moved; having a score in one run alone comes after all that have two."""
        return 0.0 if self.base is None or self.other is None else abs(self.other - self.base)


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of two runs: ``base`` and ``other`` are their names, ``changed`` the questions that differ, most first.

    ``adjusted`` is the p-value after Holm.
    """

    measure: Measure
    base: str
    other: str
    difference: Difference
    adjusted: float
    changed: tuple[Changed, ...]

    @property
    def verdict(self) -> Verdict:
        if not self.changed:
            return Verdict.SAME
        if self.adjusted >= LEVEL:
            return Verdict.NOT_TOLD
        if self.measure.is_plain:
            return Verdict.OTHER
        return Verdict.BETTER if (self.difference.difference > 0) != self.measure.lower_is_better else Verdict.WORSE


def compare(base: Run, other: Run, measures: Sequence[Measure]) -> list[Compared]:
    """The measures that both runs have, in the order given. RunsDiffer."""
    return compare_all([base, other], measures)


def compare_all(runs: Sequence[Run], measures: Sequence[Measure]) -> list[Compared]:
    """Each run with the first, run by run, adjusted for all of them together. RunsDiffer."""
    base, *others = runs
    held = [compared for other in others for compared in _each(base, other, measures)]
    adjusted = holm([compared.difference.p for compared in held])
    return [replace(compared, adjusted=p) for compared, p in zip(held, adjusted, strict=True)]


def shown(runs: Sequence[Run], measures: Sequence[Measure], changed: int = 0) -> str:
    """A table for each run beside the first; ``changed`` questions are named for every difference that is told.

    RunsDiffer.
    """
    held = compare_all(runs, measures)
    return "\n\n".join(
        _table([c for c in held if c.other == name], changed) for name in dict.fromkeys(c.other for c in held)
    )


def _each(base: Run, other: Run, measures: Sequence[Measure]) -> list[Compared]:
    ids = _same_questions(base, other)
    compared = []
    for measure in measures:
        a, b = _scores(base, measure, ids), _scores(other, measure, ids)
        difference = paired(a, b)
        if difference:
            changed = _changed(ids, a, b)
            compared.append(Compared(measure, base.name, other.name, difference, difference.p, changed))
    return compared


def _same_questions(base: Run, other: Run) -> list[str]:
    """The ids of the questions, in the order of the first run."""
    a, b = ([outcome.question.id for outcome in run.outcomes] for run in (base, other))
    if base.digest != other.digest or sorted(a) != sorted(b):
        raise RunsDiffer(
            f"{base.name!r} asked {len(a)} questions and {other.name!r} {len(b)}, {len(set(a) & set(b))} of them by the same"
            " id, and not from the same file: run both on one file of questions, then compare."
        )
    return a


def _scores(run: Run, measure: Measure, ids: Iterable[str]) -> list[float | None]:
    by_id = {outcome.question.id: scores for outcome, scores in zip(run.outcomes, run.scores, strict=True)}
    return [by_id[question].get(measure.name) for question in ids]


def _changed(ids: Sequence[str], a: Sequence[float | None], b: Sequence[float | None]) -> tuple[Changed, ...]:
    changed = [Changed(*row) for row in zip(ids, a, b, strict=True) if row[1] != row[2]]
    return tuple(sorted(changed, key=lambda change: -change.size))


def _table(held: Sequence[Compared], changed: int) -> str:
    told = [c for c in held if c.verdict not in (Verdict.SAME, Verdict.NOT_TOLD)]
    moved = [f"{c.measure.name}: {', '.join(map(_move, c.changed[:changed]))}" for c in told if changed]
    title = f"{held[0].other} against {held[0].base}"
    return "\n".join([title, table(_HEADINGS, map(_row, held)), *moved])


def _row(compared: Compared) -> tuple[Cell, ...]:
    found = compared.difference
    between = f"[{found.low:+.3f}, {found.high:+.3f}]"
    means = (compared.measure.name, found.mean_a, found.mean_b, f"{found.difference:+.3f}", between)
    return (*means, probability(found.p), probability(compared.adjusted), found.n, found.test, compared.verdict.value)


def _move(change: Changed) -> str:
    scores = ("–" if score is None else f"{score:.3f}" for score in (change.base, change.other))
    return f"{change.question} ({' to '.join(scores)})"

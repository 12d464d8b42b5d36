"""What a run comes to: every figure with its interval, side by side for several runs, and by kind of question."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from .figures import Cell, mean, table
from .measures import cost
from .measures.measure import Measure
from .measures.refusals import SURENESS, risk_by, sureness
from .question import Split
from .record import Run
from .statistics import Interval, interval, separation

_THRESHOLDS = tuple(n / 10 for n in range(1, 10))
HALVES = (Split.TUNE, Split.REPORT)


def figure(run: Run, measure: Measure) -> Interval | None:
    """The mean with its 95 % interval; None where no question of the run can be asked it."""
    values = values_of(run, measure)
    return interval(values) if values else None


def values_of(run: Run, measure: Measure) -> list[float]:
    return [scores[measure.name] for scores in run.scores if measure.name in scores]


def shown(runs: Sequence[Run], measures: Iterable[Measure]) -> str:
    """A line for each measure that any of the runs can be asked, a column for each run: the mean and its interval."""
    rows: list[list[Cell]] = []
    for measure in measures:
        found = [figure(run, measure) for run in runs]
        if any(found):
            rows.append([measure.name, max(f.n for f in found if f), *(_cell(f, measure) for f in found)])
    return table(["", "n", *(run.name for run in runs)], rows)


def by_kind(run: Run, measures: Sequence[Measure]) -> str:
    """A line for each kind of question, a column for each measure."""
    rows: list[list[Cell]] = []
    for kind in run.kinds:
        held = run.of_kind(kind)
        rows.append([kind, len(held.outcomes), *(mean(values_of(held, measure)) for measure in measures)])
    return table(["kind", "n", *(measure.name for measure in measures)], rows)


def latency(runs: Sequence[Run]) -> str:
    """Milliseconds by stage, median and 95th percentile."""
    rows: list[list[Cell]] = []
    for run in runs:
        for stage, seconds in cost.latency(run.outcomes).items():
            timed = sum(stage in outcome.seconds for outcome in run.outcomes)
            rows.append([run.name, stage, timed, *(round(1000 * one) for one in seconds)])
    return table(["", "stage", "n", "p50 ms", "p95 ms"], rows)


def telling_apart(runs: Sequence[Run]) -> str:
    """Do questions that nothing answers score lower? A line for each sort of score that varies: the medians of both, and
    how often one that can be answered scores above one that cannot (AUROC), and the area under the risk-coverage curve in
    its order. "" where there are not both."""
    rows: list[list[Cell]] = []
    for run in runs:
        for name in SURENESS:
            known, unknown = sureness(run.outcomes, name)
            area = separation(known, unknown) if len({*known, *unknown}) > 1 else None
            if area:
                told = f"{area.mean:.3f} ({area.low:.3f}–{area.high:.3f})"
                risk = risk_by(run.outcomes, name)
                rows.append([run.name, name, len(known), len(unknown), *map(median, (known, unknown)), told, risk])
    headings = ("", "score", "answerable", "not", "median", "of the others", "AUROC", "area of the risk")
    return table(headings, rows) if rows else ""


def refused_by_threshold(run: Run) -> str:
    """For some thresholds of the confidence the share that each would refuse of what can be answered, and of what cannot: the
    curve from which the system's own was chosen, on the half to tune. "" where there are not both."""
    known, unknown = sureness(run.outcomes, "confidence")
    if not known or not unknown:
        return ""
    rows: list[list[Cell]] = [
        [f"{at:.1f}", *(f"{bisect_left(held, at) / len(held):.3f}" for held in (known, unknown))] for at in _THRESHOLDS
    ]
    return table([f"{run.name} answers from", "wrongly refused", "rightly refused"], rows)


def to_json(runs: Sequence[Run], measures: Iterable[Measure]) -> dict[str, Any]:
    """``{run: {half: {measure: {mean, low, high, n}}}}``."""
    held = list(measures)
    return {run.name: {half: _figures(run.half(half), held) for half in HALVES} for run in runs}


def _figures(run: Run, measures: Iterable[Measure]) -> dict[str, dict[str, float]]:
    found = {measure.name: figure(run, measure) for measure in measures}
    return {
        name: {"mean": f.mean, "low": f.low, "high": f.high, "n": f.n} for name, f in found.items() if f is not None
    }


def _cell(found: Interval | None, measure: Measure) -> str:
    if found is None:
        return "–"
    places = 1 if measure.is_plain else 3
    unit = f" {measure.unit}" if measure.unit else ""
    return f"{found.mean:.{places}f} ({found.low:.{places}f}–{found.high:.{places}f}){unit}"

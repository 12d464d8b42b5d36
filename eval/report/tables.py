"""The figures of runs by half, each a mean with its 95 % interval, computed once however often it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..measures.measure import Measure
from ..question import Split
from ..record import Run
from ..statistics import Interval
from ..summary import figure as mean_of
from .wording import spoken

ALL = "all"
HALVES = (Split.REPORT.value, Split.TUNE.value, ALL)
_MOST_TILES = 6


@dataclass(frozen=True)
class Figures:
    """What was measured of some runs; ``rows[measure][half]`` has an interval a run, None where it could not be asked."""

    runs: Sequence[Run]
    measures: Sequence[Measure]

    @cached_property
    def rows(self) -> dict[str, dict[str, list[Interval | None]]]:
        by_half = {half: [halved(run, half) for run in self.runs] for half in self.halves}
        return {
            measure.name: {half: [mean_of(run, measure) for run in runs] for half, runs in by_half.items()}
            for measure in self.measured
        }

    @property
    def measured(self) -> list[Measure]:
        """The measures that at least one question of a run has a score of."""
        held = {name for run in self.runs for scores in run.scores for name in scores}
        return [measure for measure in self.measures if measure.name in held]

    @property
    def halves(self) -> list[str]:
        """Those that were asked, and all; a run of one half alone is all there is."""
        asked = {outcome.question.split for run in self.runs for outcome in run.outcomes}
        return [half for half in HALVES if half in asked or half == ALL] if len(asked) > 1 else [ALL]

    @property
    def told(self) -> str:
        """The half whose figures may be told to others: the one that nothing was fitted to."""
        return Split.REPORT if Split.REPORT in self.halves else ALL

    def key(self, wanted: Sequence[str]) -> list[Measure]:
        """The measures that stand for all: those wanted, and where none of them was measured the first shares."""
        held = {measure.name: measure for measure in self.measured}
        chosen = [held[name] for name in wanted if name in held]
        shares = [measure for measure in self.measured if measure.is_share]
        return (chosen or shares)[:_MOST_TILES]

    def by_kind(self, measure: Measure) -> list[tuple[str, list[Interval | None]]]:
        """The kinds of question that the measure can be asked of, over both halves."""
        kinds = sorted({kind for run in self.runs for kind in run.kinds})
        rows = [(kind, [mean_of(run.of_kind(kind), measure) for run in self.runs]) for kind in kinds]
        return [(spoken(kind), held) for kind, held in rows if any(held)]


def halved(run: Run, half: str) -> Run:
    """The run with the questions of one half, or with all."""
    return run if half == ALL else run.half(Split(half))

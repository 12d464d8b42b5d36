"""The other runs against the first: a row for each measure, the difference as a dot with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from ..compare import Compared, RunsDiffer, Verdict, compare_all
from ..measures.measure import Measure
from ..record import Run
from .drawing import Scale, round_end
from .plots import forest_row
from .tables import halved
from .wording import difference, spoken

EVEN = "even"
_STYLES = {Verdict.BETTER: "better", Verdict.WORSE: "worse"}


@dataclass(frozen=True, slots=True)
class Row:
    """``style`` is "better", "worse" or "even"; ``plot`` is empty where the scale is another than that of the shares."""

    held: Compared
    style: str
    plot: Markup


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of the other runs against the first; ``place`` is its place among the runs, ``reach`` where the plots end.
    ``told`` are the measures in which the runs can be told apart, ``rest`` the others."""

    place: int
    name: str
    reach: float
    told: Sequence[Row]
    rest: Sequence[Row]


def comparisons(runs: Sequence[Run], measures: Sequence[Measure], half: str) -> list[Comparison] | None:
    """Each of the other runs against the first on one half; None where they were not asked the same."""
    asked = [halved(run, half) for run in runs]
    try:  # two runs may have the same name: here each is called by its place
        held = compare_all([replace(run, name=str(place)) for place, run in enumerate(asked)], measures)
    except RunsDiffer:
        return None
    rows = [[compared for compared in held if compared.other == str(place)] for place in range(len(runs))]
    return [_comparison(place, runs[place].name, found) for place, found in enumerate(rows) if found]


def _comparison(place: int, name: str, held: Sequence[Compared]) -> Comparison:
    shares = [compared for compared in held if not compared.measure.unit]
    ends = [abs(end) for compared in shares for end in (compared.difference.low, compared.difference.high)]
    reach = round_end(max(ends, default=0.0) or 0.1)
    rows = [_row(compared, reach) for compared in held]
    told = [row for row in rows if row.style != EVEN]
    return Comparison(place, name, reach, told, [row for row in rows if row.style == EVEN])


def _row(compared: Compared, reach: float) -> Row:
    style, found = _STYLES.get(compared.verdict, EVEN), compared.difference
    says = f"{spoken(compared.measure.name)}: {difference(found.difference, compared.measure.unit)}, {compared.verdict}"
    plot = Markup("") if compared.measure.unit else forest_row(found, Scale(-reach, reach, 8, 232), says, style)
    return Row(compared, style, plot)

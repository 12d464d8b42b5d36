"""Plain questions: is Dateline ever worse than the better of words alone and meaning alone?

The better one is picked by the very figures that it is tested on, which favours it. "not worse" says that no loss could be
told; the interval says how large one may be that was not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .compare import Compared, Verdict, compare
from .figures import DATELINE, Cell, probability, table
from .measures.measure import Measure
from .peers import DENSE, LEXICAL
from .record import Run
from .scoring import MEASURES
from .statistics import holm
from .summary import figure

_ASKED = ("mrr@10", "hits@4", "hits@10")
_HEADINGS = ("", LEXICAL, DENSE, DATELINE, "difference", "95 % interval", "p", "p (Holm)", "n", "verdict")


def beside_better(runs: Sequence[Run]) -> list[Compared]:
    """Dateline (``other``) against the better of its two indexes alone (``base``), measure by measure, the p-values
    adjusted for all of them; nothing unless all three are among the runs and were asked something with gold."""
    by_name = {run.name: run for run in runs}
    if not {DATELINE, LEXICAL, DENSE} <= by_name.keys():
        return []
    pairs = (_pair(by_name, measure) for measure in MEASURES if measure.name in _ASKED)
    held = [compared for pair in pairs for compared in pair]
    adjusted = holm([compared.difference.p for compared in held])
    return [replace(compared, adjusted=p) for compared, p in zip(held, adjusted, strict=True)]


def shown(runs: Sequence[Run]) -> str:
    """One line for each measure; "" where there is nothing to compare."""
    held = beside_better(runs)
    by_name = {run.name: run for run in runs}
    return table(_HEADINGS, [_row(compared, by_name) for compared in held]) if held else ""


def verdict(compared: Compared) -> str:
    told = compared.verdict
    return told.value if told in (Verdict.BETTER, Verdict.WORSE) else "not worse"


def _pair(runs: dict[str, Run], measure: Measure) -> list[Compared]:
    better = max((runs[LEXICAL], runs[DENSE]), key=lambda run: _mean(run, measure))
    return compare(better, runs[DATELINE], [measure])


def _mean(run: Run, measure: Measure) -> float:
    found = figure(run, measure)
    return found.mean if found else 0.0


def _row(compared: Compared, runs: dict[str, Run]) -> tuple[Cell, ...]:
    found = compared.difference
    means = (_mean(runs[name], compared.measure) for name in (LEXICAL, DENSE, DATELINE))
    between = f"[{found.low:+.3f}, {found.high:+.3f}]"
    tested = (probability(found.p), probability(compared.adjusted), found.n, verdict(compared))
    return (compared.measure.name, *means, f"{found.difference:+.3f}", between, *tested)

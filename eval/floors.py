"""Floors: the quality that no change may fall below, kept in floors.json with the digests of the questions.

A floor is the figure measured on the report half less one question of those that it was measured over (1/n); where less
is better, it is a ceiling, and one question more. Citations that hold have no such margin. A floor is only ever raised:
lowering one takes a reason, which is kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .extraction import Line as ExtractionLine
from .figures import DATELINE
from .measures.measure import Measure
from .planted import HONEST, Found, total
from .question import EvalQuestion, Split
from .record import Run
from .scoring import MEASURES
from .summary import values_of

FLOORS = Path(__file__).parent / "floors.json"
QUICK = 40
# What is pinned of a run; the others are read, not held to.
PINNED = (
    "hits@4", "hits@10", "mrr@10", "facts@10", "all_facts@10", "gold_quoted", "answer_found", "citations_hold",
    "citation_recall", "citation_precision", "rightly_answered", "refusal_recall", "absent_refused", "nearby_refused",
    "stale_citation", "duplicate_waste@10", "temporal_accuracy", "revision_accuracy",
)  # fmt: skip
_WITHOUT_MARGIN = ("citations_hold",)
NOTE = (
    "Figures of the report halves, less one question of those they were measured over (1/n); ceilings where less is "
    "better. quick: the report questions that tests/test_quality.py asks. Raise them with: python -m eval floors --pin"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure in the group of floors.json that it belongs to; ``n`` questions went into it."""

    group: str
    name: str
    value: float
    n: int
    is_ceiling: bool = False

    @property
    def floor(self) -> float:
        """Three digits, rounded away from the figure."""
        margin = 0.0 if self.name in _WITHOUT_MARGIN else 1 / self.n
        if self.is_ceiling:
            return min(1.0, math.ceil((self.value + margin) * 1000) / 1000)
        return max(0.0, math.floor((self.value - margin) * 1000) / 1000)

    def misses(self, floor: float) -> bool:
        return self.value > floor if self.is_ceiling else self.value < floor

    def better(self, floor: float, other: float) -> float:
        return min(floor, other) if self.is_ceiling else max(floor, other)


class FloorLowered(Exception):
    """Something is measured below its floor, so that no floor can be pinned: mend it, or say why it may be lower."""


def read(file: Path = FLOORS) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))


def write(floors: dict[str, Any], file: Path = FLOORS) -> None:
    file.write_text(json.dumps(floors, indent=2) + "\n", "utf-8")


def shortfalls(floors: dict[str, Any], figures: Iterable[Figure]) -> list[str]:
    """One line for each figure on the wrong side of its floor."""
    found = ((figure, _floor(floors, figure)) for figure in figures)
    return [
        f"{f.group} {f.name}: {f.value:.3f} is {'above the ceiling' if f.is_ceiling else 'below the floor'} {floor}"
        for f, floor in found
        if floor is not None and f.misses(floor)
    ]


def pinned(
    floors: dict[str, Any], figures: Sequence[Figure], digests: dict[str, str], because: str = ""
) -> dict[str, Any]:
    """The floors raised to these figures. FloorLowered, unless ``because`` gives the reason, which is kept with what was
    lowered. The floors of questions that have themselves changed say nothing any more and go."""
    kept = _of_these(floors, figures, digests)
    lower = [figure for figure in figures if shortfalls(kept, [figure])]
    if lower and not because:
        raise FloorLowered("; ".join(shortfalls(kept, lower)))
    raised = dict(kept) | {"note": NOTE, "data": floors.get("data", {}) | digests}
    if lower:
        told = [_lowered(kept, figure, because) for figure in lower]
        raised["lowered"] = [*kept.get("lowered", []), *told]
    for figure in figures:
        held = _floor(kept, figure)
        floor = figure.floor if held is None or figure in lower else figure.better(figure.floor, held)
        raised[figure.group] = raised.get(figure.group, {}) | {figure.name: floor}
    return raised


def has_floor(floors: dict[str, Any], figure: Figure) -> bool:
    return _floor(floors, figure) is not None


def agree(floors: dict[str, Any], digests: dict[str, str]) -> bool:
    """Whether the floors belong to these questions."""
    known = floors.get("data", {})
    return all(known.get(name, digest) == digest for name, digest in digests.items())


def quick(questions: Sequence[EvalQuestion]) -> list[EvalQuestion]:
    """40 questions of the report half, evenly spread over the file."""
    held = [question for question in questions if question.split is Split.REPORT]
    count = min(QUICK, len(held))
    return [held[place * len(held) // count] for place in range(count)]


def of_run(group: str, run: Run) -> list[Figure]:
    """What is pinned of the report half of a run."""
    report = run.half(Split.REPORT)
    found = ((measure, values_of(report, measure)) for measure in MEASURES if measure.name in PINNED)
    return [_figure(group, measure, values) for measure, values in found if values]


def of_extraction(pages: str, lines: Iterable[ExtractionLine]) -> list[Figure]:
    """Our own reader on the set of pages of this name; where it knows only texts, only of these."""
    mine = next(line for line in lines if (line.extractor, line.split) == (DATELINE, Split.REPORT))
    found = {"headline": mine.headline, "publisher": mine.publisher, "authors": mine.authors,
             "first_published": mine.instant, "body_f1": mine.f1}  # fmt: skip
    return [
        Figure("extraction", f"{pages}_{what}", value, mine.n) for what, value in found.items() if value is not None
    ]


def of_planted(found: Mapping[tuple[str, Split], Found]) -> list[Figure]:
    """Of the report half: the share of planted faults that is found, and of honest sentences that is accused."""
    faults = total(found, Split.REPORT)
    honest = found[HONEST, Split.REPORT]
    return [
        Figure("planted", "faults_found", faults.share, faults.there),
        Figure("planted", "honest_accused", honest.share, honest.there, is_ceiling=True),
    ]


def _figure(group: str, measure: Measure, values: Sequence[float]) -> Figure:
    return Figure(group, measure.name, sum(values) / len(values), len(values), measure.lower_is_better)


def _floor(floors: dict[str, Any], figure: Figure) -> float | None:
    return floors.get(figure.group, {}).get(figure.name)


def _of_these(floors: dict[str, Any], figures: Iterable[Figure], digests: dict[str, str]) -> dict[str, Any]:
    """Without the floors of questions that have changed: of the extraction one set of pages, else the whole group."""
    known = floors.get("data", {})
    changed = [f for f in figures if _set_of(f) in digests and known.get(_set_of(f)) != digests[_set_of(f)]]
    groups = {figure.group for figure in changed} - {"extraction"}
    kept = {name: value for name, value in floors.items() if name not in groups}
    pages = {figure.name for figure in changed if figure.group == "extraction"}
    return kept | {"extraction": {n: v for n, v in floors.get("extraction", {}).items() if n not in pages}}


def _set_of(figure: Figure) -> str:
    if figure.group == "extraction":
        return figure.name.partition("_pages")[0] + "_pages"
    return "sample" if figure.group == "quick" else figure.group


def _lowered(floors: dict[str, Any], figure: Figure, because: str) -> dict[str, Any]:
    was = _floor(floors, figure)
    told = {"figure": f"{figure.group} {figure.name}", "was": was, "is": figure.floor}
    return told | {"because": because, "on": date.today().isoformat()}

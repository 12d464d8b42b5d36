"""Floors: what a change may not fall below, measured on the report halves. A floor is only ever raised.

As in trafilatura (`tests/eval_gate.py`), floors carry the digest of the questions that they belong to, and a margin:
a floor is the measured figure less one question of those it was taken over, since a tie between two passages may
fall the other way on another machine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .extraction import Line as ExtractionLine
from .figures import DATELINE, mean
from .multihop import Line as MultihopLine
from .question import EvalQuestion, Split
from .sample import Asked
from .summary import line

FLOORS = Path(__file__).parent / "floors.json"
QUICK = 40
NOTE = (
    "Figures of the report halves, less one question of those they were measured over (1/n; citations: nothing). "
    "quick: the 40 report questions that tests/test_quality.py asks. Raise them with: python -m eval floors --pin"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure, in the group of floors.json that it belongs to; ``n`` questions went into it."""

    group: str
    name: str
    value: float
    n: int

    @property
    def floor(self) -> float:
        """Three digits, rounded down."""
        margin = 0 if self.name == "citations_hold" else 1 / self.n
        return max(0.0, math.floor((self.value - margin) * 1000) / 1000)


class FloorLowered(Exception):
    """Something is measured below its floor, so that no floor can be pinned: mend it, or take the change back."""


def read(file: Path = FLOORS) -> dict[str, Any]:
    return json.loads(file.read_text("utf-8"))


def write(floors: dict[str, Any], file: Path = FLOORS) -> None:
    file.write_text(json.dumps(floors, indent=2) + "\n", "utf-8")


def shortfalls(floors: dict[str, Any], figures: Iterable[Figure]) -> list[str]:
    """One line for each figure that lies below its floor."""
    found = ((figure, floors.get(figure.group, {}).get(figure.name)) for figure in figures)
    return [f"{f.group} {f.name}: {f.value:.3f} is below the floor {floor}" for f, floor in found if _below(f, floor)]


def pinned(floors: dict[str, Any], figures: Sequence[Figure], digests: dict[str, str]) -> dict[str, Any]:
    """The floors raised to these figures. Floors of the same questions are never lowered: FloorLowered; where the
    questions themselves have changed, the old floors say nothing and go."""
    kept = floors if agree(floors, digests) else floors | {figure.group: {} for figure in figures}
    if lower := shortfalls(kept, figures):
        raise FloorLowered("; ".join(lower))
    raised = dict(kept) | {"note": NOTE, "data": floors.get("data", {}) | digests}
    for figure in figures:
        group = dict(raised.get(figure.group, {}))
        raised[figure.group] = group | {figure.name: max(figure.floor, group.get(figure.name, 0.0))}
    return raised


def has_floor(floors: dict[str, Any], figure: Figure) -> bool:
    return figure.name in floors.get(figure.group, {})


def agree(floors: dict[str, Any], digests: dict[str, str]) -> bool:
    """Whether the floors belong to these questions."""
    known = floors.get("data", {})
    return all(known.get(name, digest) == digest for name, digest in digests.items())


def quick(questions: Sequence[EvalQuestion]) -> list[EvalQuestion]:
    """40 questions of the report half, evenly spread over the file."""
    held = [question for question in questions if question.split is Split.REPORT]
    count = min(QUICK, len(held))
    return [held[place * len(held) // count] for place in range(count)]


def of_sample(asked: Sequence[Asked]) -> list[Figure]:
    report = [a for a in asked if a.question.split is Split.REPORT]
    chosen = {question.id for question in quick([a.question for a in report])}
    return [*_of_answers(report), *of_quick([a for a in report if a.question.id in chosen])]


def of_quick(asked: Sequence[Asked]) -> list[Figure]:
    return [Figure("quick", figure.name, figure.value, figure.n) for figure in _of_answers(asked)]


def of_multihop(lines: Iterable[MultihopLine]) -> list[Figure]:
    """Dateline's own retrieval over the articles alone, which come first."""
    mine = next(line for line in lines if (line.retriever, line.split) == (DATELINE, Split.REPORT))
    names = ("hits_at_4", "hits_at_10", "mrr_at_10", "fact_recall_at_10")
    return [Figure("retrieval", f"multihop_{name}", getattr(mine, name), mine.n) for name in names]


def of_extraction(pages: str, lines: Iterable[ExtractionLine]) -> list[Figure]:
    """Our own reader on the set of pages of this name; where it knows only texts, only of these."""
    mine = next(line for line in lines if (line.extractor, line.split) == (DATELINE, Split.REPORT))
    found = {"headline": mine.headline, "publisher": mine.publisher, "authors": mine.authors,
             "first_published": mine.instant, "body_f1": mine.f1}  # fmt: skip
    return [
        Figure("extraction", f"{pages}_{what}", value, mine.n) for what, value in found.items() if value is not None
    ]


def _of_answers(asked: Sequence[Asked]) -> list[Figure]:
    held = line(asked)
    answerable = sum(a.question.answerable for a in asked)
    short = sum(a.found is not None for a in asked)
    kinds = [a.question.kind for a in asked]
    found = [
        ("retrieval", "sample_hits_at_4", held.hits_at_4, answerable),
        ("retrieval", "sample_hits_at_10", held.hits_at_10, answerable),
        ("retrieval", "sample_mrr_at_10", held.mrr_at_10, answerable),
        ("quoting", "gold_quoted", held.gold_quoted, answerable),
        ("quoting", "answer_found", held.answer_found, short),
        ("quoting", "citations_hold", held.citations_hold, answerable),
        ("refusals", "rightly_answered", mean(not a.refused for a in asked if a.question.answerable), answerable),
        ("refusals", "absent_refused", held.absent_refused, kinds.count("absent")),
        ("refusals", "nearby_refused", held.nearby_refused, kinds.count("nearby")),
    ]
    return [Figure(group, name, value, n) for group, name, value, n in found if value is not None]


def _below(figure: Figure, floor: float | None) -> bool:
    return floor is not None and figure.value < floor

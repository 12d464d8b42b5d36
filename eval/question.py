"""EvalQuestion: what is asked, on which day, and the facts of the archive that answer it.

Every set is halved: on ``tune`` weights may be fitted and failures looked at, ``report`` is only ever measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum


class Split(StrEnum):
    """The half of a set that a question belongs to."""

    TUNE = "tune"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class GoldFact:
    """Words of the archive that answer a question; ``article`` is the URL, or the file name where there is none."""

    article: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalQuestion:
    """``history`` are the questions that were asked before it in the same chat; without ``gold``, the right answer is
    a refusal.

    ``together`` tells whether the answer takes all gold facts; else each of them alone answers. ``stale`` are words of
    the archive that were overtaken by the time of asking (an earlier toll, a corrected name): citing them is wrong.
    ``period`` is the first and last day on which what answers was published, both counted in, where the question asks
    for a time. ``as_of`` asks the archive as it stood on that day.
    """

    id: str
    text: str
    asked_on: date
    kind: str
    split: Split
    gold: tuple[GoldFact, ...] = ()
    answer: str = ""
    history: tuple[str, ...] = ()
    together: bool = False
    stale: tuple[GoldFact, ...] = ()
    period: tuple[date, date] | None = None
    as_of: date | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.gold)

    @property
    def facts(self) -> list[str]:
        return [fact.text for fact in self.gold]


def digest_of_questions(questions: Iterable[EvalQuestion]) -> str:
    """SHA-256 of what is asked and what is right, whatever file it came from."""
    lines = (
        json.dumps(asdict(question), sort_keys=True, default=str) for question in sorted(questions, key=lambda q: q.id)
    )
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()

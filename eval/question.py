"""EvalQuestion: what is asked, on which day, and the facts of the archive that answer it.

Two sets: our own about the sample news, and those of MultiHop-RAG (Tang and Yang 2024). Each is halved: on ``tune``
weights may be fitted and failures looked at, ``report`` is only ever measured.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

SAMPLE_QUESTIONS = Path(__file__).parent / "data" / "sample_questions.jsonl"
# The month in which MultiHop-RAG came out, just after its last article; its questions name their days in full.
_MULTIHOP_ASKED_ON = date(2024, 1, 1)


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


def sample_questions(file: Path = SAMPLE_QUESTIONS) -> list[EvalQuestion]:
    """Our questions about ingest/sample/news; the file says which half each belongs to."""
    return [_of_sample(record) for record in _records(file)]


def multihop_questions(file: Path) -> list[EvalQuestion]:
    """The questions of MultiHop-RAG; those that can be answered and the others are halved apart."""
    records = list(_records(file))
    splits = halves(r["id"] for r in records if r["evidence_list"])
    splits |= halves(r["id"] for r in records if not r["evidence_list"])
    return [_of_multihop(record, splits[record["id"]]) for record in records]


def halves(ids: Iterable[str]) -> dict[str, Split]:
    """By turns in the order of the MD5 of the id: the first to tune on, the second to report, and so on."""
    ordered = sorted(ids, key=lambda i: hashlib.md5(i.encode(), usedforsecurity=False).hexdigest())
    return {i: Split.REPORT if place % 2 else Split.TUNE for place, i in enumerate(ordered)}


def digest_of(file: Path) -> str:
    """SHA-256 of a file of questions: figures belong to the data that they were measured on."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _records(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip())


def _of_sample(record: dict[str, Any]) -> EvalQuestion:
    return EvalQuestion(
        id=record["id"],
        text=record["text"],
        asked_on=date.fromisoformat(record["asked_on"]),
        kind=record["kind"],
        split=Split(record["split"]),
        gold=tuple(GoldFact(fact["url"], fact["fact"]) for fact in record["gold"]),
        answer=record["answer"],
        history=tuple(record["history"]),
    )


def _of_multihop(record: dict[str, Any], split: Split) -> EvalQuestion:
    return EvalQuestion(
        id=record["id"],
        text=record["query"],
        asked_on=_MULTIHOP_ASKED_ON,
        kind=record["question_type"].removesuffix("_query"),
        split=split,
        gold=tuple(GoldFact(fact["url"], fact["fact"]) for fact in record["evidence_list"]),
        answer=record["answer"],
    )

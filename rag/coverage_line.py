"""What the archive covers and how new its newest match is: one computed line, and a warning to who asks about now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .archive import Archive
from .passage import Hit
from .question import Question
from .recency import days_before

# "How much is it now?" wants to know within days, "who leads the union?" within weeks.
_NOW = re.compile(
    r"\b(?:today|tonight|nowadays|these days|at the moment|still|yet|up to date|to date|as we speak)\b", re.IGNORECASE
)
_STATUS = re.compile(
    r"^\W*(?:(?:who|what|where|when|which|how)\b(?:\s+[\w’'-]+){0,4}?(?:\s+(?:is|are|has|have|does|do)\b|[’']s\b)"
    r"|(?:is|are|has|have|does|do)\b)",
    re.IGNORECASE,
)
_FRESH, _STILL_FRESH = 3, 14  # days
_MATCHES = 0.6  # of the best score


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """Days as YYYY-MM-DD, empty where unknown: the ``first`` and ``last`` of the archive, and that of the ``newest``
    version which matches. ``older`` is by how many days that is older than the asking, where now is asked about and it is
    too old for that; ``ends_before`` are the words of a period that is asked about and that begins after the last day."""

    first: str
    last: str
    newest: str = ""
    older: int | None = None
    ends_before: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "last": self.last,
            "newest_match": self.newest,
            "days_older_than_now": self.older,
            "ends_before": self.ends_before,
        }


def coverage_line(
    question: Question, cited: Sequence[str], hits: Sequence[Hit], archive: Archive, as_of: date | None
) -> CoverageLine:
    """``cited`` are the times of the versions that the answer cites; the hits are those of the question, best first."""
    first, last = archive.span(as_of or date.max)
    newest = max([*cited, *_matching(hits)], default="")[:10]
    return CoverageLine(first[:10], last[:10], newest, _older(question, newest or last[:10]), _beyond(question, last))


def _matching(hits: Sequence[Hit]) -> list[str]:
    bar = _MATCHES * hits[0].score if hits else 0.0
    return [hit.article.updated for hit in hits if hit.score >= bar]


def _older(question: Question, newest: str) -> int | None:
    age = days_before(newest, question.asked_on)
    slack = _slack(question)
    return age if age is not None and slack is not None and age > slack else None


def _slack(question: Question) -> int | None:
    """How many days old a report may be and still tell of now; None where now is not asked about."""
    if question.wants_latest or _NOW.search(question.text):
        return _FRESH
    dated = not question.names_no_time
    return None if dated or not _STATUS.search(question.text) else _STILL_FRESH


def _beyond(question: Question, last: str) -> str:
    ahead = (p.words for p in question.whole.periods if last and p.first and p.first.isoformat() > last[:10])
    return next(ahead, "")

"""Question: what is asked, read as a reporter would read it: publishers, days, clauses, "the latest"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .period import Period, periods_in
from .publishers import mentions
from .words import terms

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|now|currently|so far|at present|right now)\b", re.IGNORECASE
)
# Where a long question turns to its next matter, often another article by another publisher.
_TURN = re.compile(
    r"(?:,|;)\s+(?:while|whereas|but|and|who|which|as|or)\s+"
    r"|\s+(?:while|whereas)\s+"
    r"|\s+and\s+(?=(?:is|was|has|also|the|another|a|an|in|later|who|that)\s)"
    r"|;\s+|\?\s+|,\s+(?=according\s)"
)
_LEAST_TERMS = 4
_LONGEST = 2_000  # characters of a question that are read


@dataclass(frozen=True, slots=True)
class Clause:
    """One matter of a question, with the publishers and days that it names (or else those of the whole)."""

    text: str
    publishers: tuple[str, ...]
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """``whole`` is everything as one clause; ``clauses`` its parts, empty for a question of one matter."""

    text: str
    asked_on: date
    whole: Clause
    clauses: tuple[Clause, ...]
    wants_latest: bool


def understand(text: str, publishers: Iterable[str] = (), asked_on: date | None = None) -> Question:
    """Reads a question; ``publishers`` are those of the archive; relative days count from ``asked_on`` (today)."""
    text = text[:_LONGEST]
    asked_on = asked_on or date.today()
    publishers = tuple(publishers)
    whole = _clause(text, publishers, asked_on)
    clauses = tuple(_inherit(_clause(part, publishers, asked_on), whole) for part in _parts(text))
    return Question(text, asked_on, whole, clauses, bool(_LATEST.search(text)))


def _clause(text: str, publishers: tuple[str, ...], asked_on: date) -> Clause:
    named = tuple(dict.fromkeys(mention.publisher for mention in mentions(text, publishers)))
    return Clause(text, named, tuple(periods_in(text, asked_on)))


def _inherit(clause: Clause, whole: Clause) -> Clause:
    return Clause(clause.text, clause.publishers or whole.publishers, clause.periods or whole.periods)


def _parts(text: str) -> list[str]:
    """The clauses of a question; a part too short to search by joins the one before."""
    parts: list[str] = []
    for part in filter(None, (p.strip(" ,;") for p in _TURN.split(text))):
        if parts and (len(terms(part)) < _LEAST_TERMS or len(terms(parts[-1])) < _LEAST_TERMS):
            parts[-1] += ", " + part
        else:
            parts.append(part)
    return parts if len(parts) > 1 else []

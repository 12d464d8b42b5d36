"""The days of which a question speaks: "yesterday", "last week", "on 4 March", "between Monday and Friday", "since Tuesday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .day_words import GRAMMAR, shifted


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both counted in; None is open. ``words`` are those of the text."""

    first: date | None
    last: date | None
    words: str

    def holds(self, day: str, slack: int = 0) -> bool:
        """Whether a day (YYYY-MM-DD) lies within, or at most ``slack`` days outside; an unknown day does not."""
        if not day:
            return False
        when = date.fromisoformat(day[:10])
        early = self.first and when < shifted(self.first, -slack)
        return not early and not (self.last and when > shifted(self.last, slack))


def end_of_day(day: date) -> str:
    """The last second of a day in UTC, in ISO 8601 as the archive writes times."""
    return f"{day.isoformat()[:10]}T23:59:59Z"


def periods_in(text: str, asked_on: date) -> list[Period]:
    """The periods that a text names, in order; relative words count from ``asked_on``.

    3/4/2026 is the third of April, and a bare "may" is no month.
    """
    return [_bounded(text, days) for days in _joined(text, _days_in(text, asked_on))]


@dataclass(frozen=True, slots=True)
class _Days:
    """Where a text (``start`` to ``end``, in characters) names days, the first and the last of them."""

    start: int
    end: int
    first: date
    last: date
    whole: bool = False  # with its "between" or "from" in front


def _days_in(text: str, asked_on: date) -> list[_Days]:
    found: list[_Days] = []
    for pattern, days_of in GRAMMAR:
        for match in pattern.finditer(text):
            if any(days.start < match.end() and match.start() < days.end for days in found):
                continue
            if days := days_of(match, asked_on):
                found.append(_Days(*match.span(), *days))
    return sorted(found, key=lambda days: days.start)


_BETWEEN = re.compile(r"\b(between|from)\s+(?:the\s+)?$", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|to|until|till|through|up to)\s+(?:the\s+|on\s+)?", re.IGNORECASE)


def _joined(text: str, found: list[_Days]) -> list[_Days]:
    """The days with those made one that "between … and …" or "from … to …" holds together."""
    joined: list[_Days] = []
    for days in found:
        before = joined[-1] if joined else None
        opening = before and _BETWEEN.search(text[: before.start])
        if before and opening and _AND.fullmatch(text[before.end : days.start]):
            joined[-1] = _Days(before.start, days.end, _not_after(before.first, days.last), days.last, whole=True)
        else:
            joined.append(days)
    return joined


def _not_after(first: date, last: date) -> date:
    """A beginning that was read as later than the end was meant a week or a year before, as the end tells."""
    if first > last and (first - last).days < 7:
        return shifted(first, -7)
    while first > last:
        first = shifted(first, -365)
    return first


def _bounded(text: str, days: _Days) -> Period:
    """ "since", "after" and "from" open the end, "before", "until" and "by" the beginning; "the week after" is a week."""
    words, before = text[days.start : days.end], text[: days.start].lower().rstrip()
    if days.whole:
        return Period(days.first, days.last, words)
    before = re.sub(r"\s+(?:the|on)$", "", before)
    if beside := re.search(r"\bthe (day|week|month) (after|following|before)$", before):
        length = {"day": 1, "week": 7, "month": 31}[beside[1]]
        if beside[2] == "before":
            return Period(shifted(days.first, -length), shifted(days.first, -1), words)
        return Period(shifted(days.last, 1), shifted(days.last, length), words)
    if re.search(r"\b(?:since|after|from|following)$", before):
        return Period(days.first, None, words)
    if re.search(r"\b(?:before|until|till|by|prior to|up to|ahead of)$", before):
        return Period(None, days.last, words)
    return Period(days.first, days.last, words)

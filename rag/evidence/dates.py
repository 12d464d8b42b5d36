"""Dates: the days that a text names, in figures, as weekdays or as "yesterday", counted from its publication."""

from __future__ import annotations

import re
from datetime import date

from ..citation import Citation
from ..day_words import shifted
from ..sentences import Span
from ..spoken_days import spoken_days

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTH = "|".join(month.capitalize() for month in MONTHS)
DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})\b(?:,? (?P<year>\d{{4}}))?"
    rf"|\b(?P<month2>{MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|[.,]\d)(?:,? (?P<year2>\d{{4}}))?"
    r"|\b(?P<year3>\d{4})-(?P<month3>\d\d)-(?P<day3>\d\d)\b"
)
WEEKDAY = re.compile(rf"\b({'|'.join(day.capitalize() for day in WEEKDAYS)})s?\b")
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
_SHORT_MONTH = re.compile(rf"\b({_SHORT})\.(?=\s)|\b({_SHORT})(?= \d)")
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


def spelt(text: str) -> str:
    """With "Aug. 29" as "August 29"."""
    return _SHORT_MONTH.sub(lambda match: _month_of(match[1] or match[2]), text)


def _month_of(short: str) -> str:
    return next(month for month in MONTHS if month.startswith(short.lower())).capitalize()


def resolved(citation: Citation) -> list[str]:
    """The days, months and years that "Tuesday", "last month" and "next year" of a cited passage mean, as ISO."""
    passage = citation.passage
    return [day.day for day in spoken_days(citation.article, Span(passage.start, passage.end))]


def days_in(text: str, published: date | None) -> list[date]:
    """The days that a text names: as dates, and as weekdays or "yesterday" counted from its publication."""
    text = spelt(text)
    days = [day for match in DATE.finditer(text) if (day := _day(date_parts(match), published))]
    if published:
        days += [
            shifted(published, shift) for word, shift in _NEAR_DAYS.items() if re.search(rf"\b{word}\b", text, re.I)
        ]
        for name in set(WEEKDAY.findall(text)):
            ahead = (WEEKDAYS.index(name.lower()) - published.weekday()) % 7
            days += [shifted(published, ahead), shifted(published, ahead - 7)]
    return days


def date_parts(match: re.Match[str]) -> tuple[int, int, int]:
    """Year (0 where none is given), month, day."""
    found = match.groupdict()
    month = found["month"] or found["month2"]
    number = MONTHS.index(month.lower()) + 1 if month else int(found["month3"])
    year = found["year"] or found["year2"] or found["year3"]
    return int(year or 0), number, int(found["day"] or found["day2"] or found["day3"])


def _day(parts: tuple[int, int, int], published: date | None) -> date | None:
    year, month, day = parts
    try:
        return date(year or (published.year if published else 2000), month, day)
    except ValueError:
        return None


def same_day(parts: tuple[int, int, int], day: date) -> bool:
    return parts[1:] == (day.month, day.day) and parts[0] in (0, day.year)


def published(citation: Citation) -> date | None:
    published = citation.article.published[:10]
    return date.fromisoformat(published) if published else None

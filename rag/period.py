"""The days of which a question speaks: "yesterday", "last week", "on 4 March", "in August 2025", "since Tuesday"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = "(" + "|".join(_DAYS) + ")"
_YEAR = r"((?:19|20)\d\d)"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both counted in; None is open."""

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


def shifted(day: date, days: int) -> date:
    """So many days later; the first or the last day of the calendar where there is none."""
    return date.fromordinal(min(max(1, day.toordinal() + days), date.max.toordinal()))


def end_of_day(day: date) -> str:
    """The last second of a day in UTC, in ISO 8601 as the archive writes times."""
    return f"{day.isoformat()[:10]}T23:59:59Z"


def periods_in(text: str, asked_on: date) -> list[Period]:
    """The periods that a text names, in order; relative words count from ``asked_on``. A bare "may" is no month."""
    found: list[tuple[int, Period]] = []
    taken: list[range] = []
    for pattern, days_of in _GRAMMAR:
        for match in pattern.finditer(text):
            if any(match.start() in r or match.end() - 1 in r for r in taken):
                continue
            days = days_of(match, asked_on)
            if days:
                taken.append(range(match.start(), match.end()))
                found.append((match.start(), _bounded(text, match, *days)))
    return [period for _, period in sorted(found, key=lambda pair: pair[0])]


def _bounded(text: str, match: re.Match[str], first: date, last: date) -> Period:
    """ "since", "after" and "from" open the end, "before", "until" and "by" the beginning."""
    before = text[: match.start()].lower().rstrip()
    before = re.sub(r"\s+(?:the|on)$", "", before)
    if re.search(r"\b(?:since|after|from|following)$", before):
        return Period(first, None, match[0])
    if re.search(r"\b(?:before|until|till|by|prior to|up to)$", before):
        return Period(None, last, match[0])
    return Period(first, last, match[0])


def _exact(year: int, month: int, day: int) -> tuple[date, date] | None:
    try:
        return (date(year, month, day),) * 2
    except ValueError:
        return None


def _day_of_month(match: re.Match[str], asked_on: date, day: int, month: int, year: str | None):
    number = int(match[month] if match[month].isdigit() else _MONTHS[match[month].lower()])
    if year:
        return _exact(int(year), number, int(match[day]))
    # Without a year the last such day that is not after the asking.
    this_year = _exact(asked_on.year, number, int(match[day]))
    return this_year if this_year and this_year[0] <= asked_on else _exact(asked_on.year - 1, number, int(match[day]))


def _month(match: re.Match[str], asked_on: date):
    month = _MONTHS[match[1].lower()]
    year = int(match[2]) if match[2] else max(1, asked_on.year - (month > asked_on.month))
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _weekday(match: re.Match[str], asked_on: date):
    back = (asked_on.weekday() - _DAYS[match[2].lower()]) % 7
    if (match[1] or "").strip().lower() == "last" and back == 0:
        back = 7
    return (shifted(asked_on, -back),) * 2


def _week(match: re.Match[str], asked_on: date):
    monday = shifted(asked_on, -asked_on.weekday())
    if match[1].lower() == "this":
        return monday, asked_on
    return shifted(monday, -7), shifted(monday, -1)


def _weekend(match: re.Match[str], asked_on: date):
    saturday = shifted(asked_on, -((asked_on.weekday() - 5) % 7))
    return saturday, shifted(saturday, 1)


def _this_or_last_month(match: re.Match[str], asked_on: date):
    first = asked_on.replace(day=1)
    if match[1].lower() == "this":
        return first, asked_on
    last = shifted(first, -1)
    return last.replace(day=1), last


def _past(match: re.Match[str], asked_on: date):
    length = {"day": 1, "week": 7, "month": 31}[match[2].lower()]
    return shifted(asked_on, -length * int(match[1] or 1)), asked_on


def _rule(pattern: str, days_of):
    return re.compile(r"(?<!\w)" + pattern + r"(?!\w)", re.IGNORECASE), days_of


# In this order: what an earlier rule has read is not read again. A year alone, "last year" and "this year" are
# what is spoken of far more often than when it was reported, so they are no period.
_GRAMMAR = (
    _rule(_YEAR + r"-(\d\d)-(\d\d)", lambda m, on: _exact(int(m[1]), int(m[2]), int(m[3]))),
    _rule(_MONTH + r"\s+" + _DAY + r"(?:,?\s+" + _YEAR + ")?", lambda m, on: _day_of_month(m, on, 2, 1, m[3])),
    _rule(
        _DAY + r"\s+(?:of\s+)?" + _MONTH + r"(?:,?\s+" + _YEAR + ")?", lambda m, on: _day_of_month(m, on, 1, 2, m[3])
    ),
    _rule(
        r"(?:(?:in|during|since|before|until|of|early|late|mid)[\s-]+)" + _MONTH + r"(?:,?\s+" + _YEAR + ")?", _month
    ),
    _rule(_MONTH + r",?\s+" + _YEAR, _month),
    _rule(r"today", lambda m, on: (on, on)),
    _rule(r"yesterday", lambda m, on: (shifted(on, -1),) * 2),
    _rule(r"(last |this |on )?" + _WEEKDAY, _weekday),
    _rule(r"(this|last|previous) week", _week),
    _rule(r"(?:this|last|at the|over the) weekend", _weekend),
    _rule(r"(this|last) month", _this_or_last_month),
    _rule(r"(?:in |over |during )?the (?:past|last) (\d{1,2} )?(day|week|month)s?", _past),
)

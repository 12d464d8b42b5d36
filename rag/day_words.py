"""The words that name days: "4 March", "between 3 and 9 March", "last autumn", "two weeks ago", "over Easter"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_DAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_NUMBERS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_NUMBERS |= {"a": 1, "an": 1, "a couple of": 2, "few": 4, "a few": 4, "several": 6}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_LENGTHS = {"day": 1, "week": 7, "month": 31}
# First and last day of what is called so, generously; 31 is the last day of any month.
_PARTS = {"early": (1, 12), "mid": (9, 21), "late": (18, 31), "start": (1, 7), "middle": (9, 21), "end": (24, 31)}

Match = re.Match[str]
Days = tuple[date, date] | None


def _one_of(name: str, words: dict[str, int]) -> str:
    return f"(?P<{name}>" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_MONTH = _one_of("month", _MONTHS) + r"\b\.?"
_TO_MONTH = _one_of("to_month", _MONTHS) + r"\b\.?"
_WEEKDAY = _one_of("weekday", _DAYS)
_TH = r"(?:st|nd|rd|th)?"
_DAY, _TO_DAY = rf"(?P<day>\d{{1,2}}){_TH}", rf"(?P<to_day>\d{{1,2}}){_TH}"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF_YEAR, _ITS_YEAR = rf"(?:,?\s+(?:of\s+)?{_YEAR})?", r"(?:,?\s+(?P<from_year>(?:19|20)\d\d))?"
_NUMBER = r"(?P<number>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_TO = r"(?:\s*[-–—]\s*|\s+(?:to|until|till|through)\s+)(?:the\s+)?"
_NAMED_DAY = rf"(?:(?:{'|'.join(_DAYS)}),?\s+(?:the\s+)?)?"
# Words that stand before a month alone and show that it is one: "may" and "march" are verbs as well.
_IN = r"(?:(?<=since )|(?<=before )|(?<=until )|(?<=till )|(?<=after )|(?<=from )|(?:in|during|of)\s+)"
_PRINTED = (
    r"(?:published|printed|reported|written|appeared|ran|articles|stories|coverage|news|headlines|columns|reports)"
)


def shifted(day: date, days: int) -> date:
    """So many days later; the first or the last day of the calendar where there is none."""
    return date.fromordinal(min(max(1, day.toordinal() + days), date.max.toordinal()))


def _exact(year: int, month: int, day: int) -> Days:
    try:
        return (date(year, month, day),) * 2
    except ValueError:
        return None


def _year_of(match: Match, month: int, asked_on: date) -> int:
    """The year that is said, or else that of the last such month that has begun."""
    return int(match["year"]) if match["year"] else max(1, asked_on.year - (month > asked_on.month))


def _month_of(year: int, month: int, first: int = 1, last: int = 31) -> tuple[date, date]:
    end = calendar.monthrange(year, month)[1]
    return date(year, month, first), date(year, month, min(last, end))


def _written(match: Match, _: date) -> Days:
    return _exact(int(match["year"]), int(match["month"]), int(match["day"]))


def _slashed(match: Match, _: date) -> Days:
    """3/4/2026 is the third of April, as nearly everywhere; 3/14/2026 can only be March."""
    year, first, second = int(match["year"]), int(match["day"]), int(match["month"])
    return _exact(year, second, first) if second <= 12 else _exact(year, first, second)


def _day_of_month(match: Match, asked_on: date) -> Days:
    month, day = _MONTHS[match["month"].lower()], int(match["day"])
    if match["year"]:
        return _exact(int(match["year"]), month, day)
    # Without a year the last such day that is not after the asking.
    this_year = _exact(asked_on.year, month, day)
    return this_year if this_year and this_year[0] <= asked_on else _exact(asked_on.year - 1, month, day)


def _days_of_month(match: Match, asked_on: date) -> Days:
    first, month = _day_of_month(match, asked_on), _MONTHS[match["month"].lower()]
    last = _exact(first[0].year, month, int(match["to_day"])) if first else None
    return (first[0], last[0]) if first and last and first[0] <= last[0] else None


def _month(match: Match, asked_on: date) -> Days:
    month = _MONTHS[match["month"].lower()]
    return _month_of(_year_of(match, month, asked_on), month)


def _months(match: Match, asked_on: date) -> Days:
    first, last = _MONTHS[match["month"].lower()], _MONTHS[match["to_month"].lower()]
    year = _year_of(match, last, asked_on)
    begin = int(match["from_year"] or max(1, year - (first > last)))
    days = _month_of(begin, first)[0], _month_of(year, last)[1]
    return days if days[0] <= days[1] else None


def _part_of_month(match: Match, asked_on: date) -> Days:
    month, part = _MONTHS[match["month"].lower()], match["part"].lower().replace("beginning", "start")
    return _month_of(_year_of(match, month, asked_on), month, *_PARTS[part])


def _week_of_month(match: Match, asked_on: date) -> Days:
    month = _MONTHS[match["month"].lower()]
    first, last = _month_of(_year_of(match, month, asked_on), month)
    if match["which"].lower() == "last":
        return shifted(last, -6), last
    monday = shifted(first, 7 * (_ORDINALS[match["which"].lower()] - 1))
    return monday, shifted(monday, 6)


def _weekday(match: Match, asked_on: date) -> Days:
    which = (match["which"] or "").strip().lower()
    back = (asked_on.weekday() - _DAYS[match["weekday"].lower()]) % 7
    if which == "next":
        return (shifted(asked_on, 7 - back),) * 2
    return (shifted(asked_on, -7 if which == "last" and back == 0 else -back),) * 2


def _week(match: Match, asked_on: date) -> Days:
    monday = shifted(asked_on, -asked_on.weekday())
    return (monday, asked_on) if match["which"].lower() == "this" else (shifted(monday, -7), shifted(monday, -1))


def _weekend(_: Match, asked_on: date) -> Days:
    saturday = shifted(asked_on, -((asked_on.weekday() - 5) % 7))
    return saturday, shifted(saturday, 1)


def _this_or_last_month(match: Match, asked_on: date) -> Days:
    first = asked_on.replace(day=1)
    last = shifted(first, -1)
    return (first, asked_on) if match["which"].lower() == "this" else (last.replace(day=1), last)


def _number(match: Match) -> int:
    words = re.sub(r"\s+", " ", match["number"] or "one").lower()
    return int(words) if words.isdigit() else _NUMBERS[words]


def _past(match: Match, asked_on: date) -> Days:
    return shifted(asked_on, -_LENGTHS[match["length"].lower()] * _number(match)), asked_on


def _ago(match: Match, asked_on: date) -> Days:
    """Days are meant to the day, weeks and months about; "a few days ago" is all of them."""
    number, length = _number(match), match["length"].lower()
    day = shifted(asked_on, -_LENGTHS[length] * number)
    if "few" in match["number"].lower() or "several" in match["number"].lower():
        return shifted(day, -_LENGTHS[length] * number // 2), shifted(asked_on, -_LENGTHS[length])
    slack = {"day": 0, "week": 3, "month": 15}[length]
    return shifted(day, -slack), min(asked_on, shifted(day, slack))


def _season(match: Match, asked_on: date) -> Days:
    """Meteorological, of the northern hemisphere: whole months, winter by the year in which it begins."""
    begin = _SEASONS[match["season"].lower()]
    if match["year"]:
        return _three_months(int(match["year"]), begin)
    years = (asked_on.year, asked_on.year - 1, asked_on.year - 2)
    seasons = (_three_months(year, begin) for year in years)
    return next((days for days in seasons if days and days[1] < asked_on), None)


def _three_months(year: int, begin: int) -> Days:
    end_year, end = (year + 1, 2) if begin == 12 else (year, begin + 2)
    if year < 1 or end_year > date.max.year:
        return None
    return date(year, begin, 1), _month_of(end_year, end)[1]


def _feast(match: Match, asked_on: date) -> Days:
    """Good Friday to Easter Monday (of the Western churches), 24 to 26 December: the last that has begun."""
    years = [int(match["year"])] if match["year"] else [asked_on.year, asked_on.year - 1]
    for year in years:
        if not 1583 <= year <= 4099:  # what dateutil computes
            return None
        sunday = easter(year) if match["feast"].lower() == "easter" else date(year, 12, 25)
        first, last = sunday - timedelta(2 if sunday.month < 12 else 1), sunday + timedelta(1)
        if match["year"] or first <= asked_on:
            return first, last
    return None


def _printed_in(match: Match, _: date) -> Days:
    year = int(match["year"])
    return date(year, 1, 1), date(year, 12, 31)


def _rule(
    pattern: str, days_of: Callable[[Match, date], Days]
) -> tuple[re.Pattern[str], Callable[[Match, date], Days]]:
    return re.compile(r"(?<!\w)(?:" + pattern + r")(?!\w)", re.IGNORECASE), days_of


# In this order: what an earlier rule has read is not read again. A year alone, "last year", "this summer" and quarters
# are what is spoken of far more often than when it was reported, so they are no period: a year is one where it says
# that something was printed in it.
GRAMMAR = (
    _rule(_YEAR + r"(?P<by>[-/])(?P<month>\d\d?)(?P=by)(?P<day>\d\d?)", _written),
    _rule(r"(?P<day>\d{1,2})(?P<by>[/.])(?P<month>\d{1,2})(?P=by)" + _YEAR, _slashed),
    _rule(rf"between\s+(?:the\s+)?{_DAY}\s+and\s+(?:the\s+)?{_TO_DAY}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}", _days_of_month),
    _rule(rf"(?:from\s+(?:the\s+)?)?{_DAY}{_TO}{_TO_DAY}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}", _days_of_month),
    _rule(rf"(?:from\s+)?{_MONTH}\s+{_DAY}\s*[-–—]\s*{_TO_DAY}{_OF_YEAR}", _days_of_month),
    _rule(
        rf"(?:between|from)\s+{_MONTH}{_ITS_YEAR}\s+(?:and|to|until|till|through)\s+{_TO_MONTH}(?!\s+\d{{1,2}}\b){_OF_YEAR}",
        _months,
    ),
    _rule(rf"{_NAMED_DAY}{_MONTH}\s+{_DAY}{_OF_YEAR}", _day_of_month),
    _rule(rf"{_NAMED_DAY}{_DAY}\s+(?:of\s+)?{_MONTH}{_OF_YEAR}", _day_of_month),
    _rule(
        rf"(?:in\s+|during\s+)?the\s+{_one_of('which', _ORDINALS | {'last': 0})}\s+week\s+(?:of|in)\s+{_MONTH}{_OF_YEAR}",
        _week_of_month,
    ),
    _rule(rf"(?:in\s+)?(?P<part>early|mid|late)[\s-]+{_MONTH}{_OF_YEAR}", _part_of_month),
    _rule(rf"(?:at\s+|in\s+)?the\s+(?P<part>start|beginning|middle|end)\s+of\s+{_MONTH}{_OF_YEAR}", _part_of_month),
    _rule(rf"{_IN}{_MONTH}{_OF_YEAR}", _month),
    _rule(rf"{_MONTH},?\s+{_YEAR}", _month),
    _rule(r"the\s+day\s+before\s+yesterday", lambda _, on: (shifted(on, -2),) * 2),
    _rule(r"yesterday", lambda _, on: (shifted(on, -1),) * 2),
    _rule(r"last\s+night", lambda _, on: (shifted(on, -1), on)),
    _rule(r"today|tonight|this\s+(?:morning|afternoon|evening)", lambda _, on: (on, on)),
    _rule(rf"{_NUMBER}\s+(?P<length>day|week|month)s?\s+ago", _ago),
    _rule(rf"(?P<which>last |this |on |next )?{_WEEKDAY}", _weekday),
    _rule(r"(?P<which>this|last|previous) week", _week),
    _rule(r"(?:this|last|at the|over the) weekend", _weekend),
    _rule(r"(?P<which>this|last) month", _this_or_last_month),
    _rule(rf"(?:in |over |during )?the (?:past|last) (?:{_NUMBER} )?(?P<length>day|week|month)s?", _past),
    _rule(rf"last\s+{_one_of('season', _SEASONS)}(?P<year>(?!))?(?!\s+(?-i:[A-Z]))", _season),
    _rule(rf"(?:in\s+)?(?:the\s+)?{_one_of('season', _SEASONS)}\s+(?:of\s+)?{_YEAR}", _season),
    _rule(
        r"(?:(?<=before )|(?<=after )|(?<=since )|(?<=until )|(?:at|over|during|around)\s+)(?P<feast>Easter|Christmas)"
        + _OF_YEAR,
        _feast,
    ),
    _rule(rf"{_PRINTED}\s+(?:in|from|during)\s+{_YEAR}", _printed_in),
)

"""The days and months that an answer names, compared with those of a reference, whatever words stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rag.day_words import shifted
from rag.period import periods_in

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:on |this )?\w+day", re.IGNORECASE)
_NOT_WEEKDAYS = ("today", "yesterday")
_TOMORROW = re.compile(r"\btomorrow\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """``words`` and the first and last day that they mean; without a year ("on 4 March") that of the two is a guess."""

    words: str
    first: date
    last: date

    @property
    def is_written(self) -> bool:
        """Whether it stands there as a date, and not as a word that counts from another day."""
        return bool(_MONTH.search(self.words) or _YEAR.search(self.words))

    @property
    def has_year(self) -> bool:
        return not self.is_written or bool(_YEAR.search(self.words))

    def is_within(self, other: Named) -> bool:
        """Whether it names the other, or a day of it; years count where both have one."""
        if self.has_year and other.has_year:
            return other.first <= self.first and self.last <= other.last
        return _of_year(other.first) <= _of_year(self.first) and _of_year(self.last) <= _of_year(other.last)


def date_match(said: Iterable[tuple[str, Sequence[date]]], reference: str, asked_on: date) -> bool | None:
    """Whether every day or month of the reference is named by one of the sentences, each given with the days of
    publication from which its "on Monday" counts (none: that of asking). None where the reference names none."""
    wanted = list(_named(reference, asked_on))
    wanted = [one for one in wanted if one.is_written] or wanted  # "Tuesday 26 May": the date tells which Tuesday
    if not wanted:
        return None
    named = [one for text, days in said for day in days or [asked_on] for one in _with_coming_days(text, day)]
    return all(any(one.is_within(other) for one in named) for other in wanted)


def without_days(text: str) -> str:
    """The text without the words that name days and months."""
    for period in periods_in(text, date(2000, 1, 1)):
        text = text.replace(period.words, " . ")
    return text


def years_in(text: str) -> list[str]:
    return _YEAR.findall(text)


def _named(text: str, count_from: date) -> Iterator[Named]:
    """What is named, without the "before" or "since" that stands in front of it."""
    for bounded in periods_in(text, count_from):
        for period in periods_in(bounded.words, count_from):
            if period.first and period.last:
                yield Named(period.words, period.first, period.last)


def _with_coming_days(text: str, count_from: date) -> Iterator[Named]:
    """A weekday of a report may be the last or the next ("the vote is on Friday")."""
    for named in _named(text, count_from):
        yield named
        if _WEEKDAY.fullmatch(named.words) and named.words.lower() not in _NOT_WEEKDAYS:
            yield Named(named.words, shifted(named.first, 7), shifted(named.last, 7))
    for match in _TOMORROW.finditer(text):
        yield Named(match[0], shifted(count_from, 1), shifted(count_from, 1))


def _of_year(day: date) -> tuple[int, int]:
    return day.month, day.day

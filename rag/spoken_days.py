"""Spoken days: "Tuesday", "yesterday" and "last month" of an article as days of the calendar, counted from its publication.

News speaks as if it were read on its day. Years later "Tuesday" says nothing, so the day is shown beside it, outside the
words. Only what is certain is resolved: a weekday in a clause that is plainly of the past is the last such day up to
publication, in one that is plainly of the future the next one; all others stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .article import Article
from .day_words import shifted
from .sentences import Span, sentences

_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NEAR = {"yesterday": -1, "tomorrow": 1, "tonight": 0, "today": 0}
_UNITS = {"last": -1, "this": 0, "next": 1}
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")
_SPOKEN = re.compile(
    rf"\b(?:(?P<which>last |next )?(?P<weekday>{'|'.join(_WEEKDAYS)})(?![’'\w-])"
    r"|(?P<near>[Yy]esterday|[Tt]omorrow|[Tt]onight|[Tt]oday)(?![’'\w-])"
    r"|(?P<order>[Ll]ast|[Tt]his|[Nn]ext) (?P<unit>month|year)(?![’'\w-]))"
)
# "Every Monday", "Easter Monday".
_NO_ONE_DAY = re.compile(
    r"\b(?:(?i:every|each|most|any|or|on a|of|since a|first|second|third|fourth|fifth)(?: other)?|(?!On\b)[A-Z]\w+) $"
)
# A date follows ("Sunday 26 April"), another week is meant ("Monday of last week", "Sunday week"), or many days.
_SAID_ALREADY = re.compile(
    r",? (?:\d|(?:\w+ )?(?:of )?(?:last|next|this|the (?:next|following|previous)) |week\b"
    r"|(?:morning|afternoon|evening|night)s\b)"
)
_CLAUSE = re.compile(r"[;:—–“”]|, (?:and|but|while|which|who|when|after|before)\b|\b(?:that|after|before|when|while)\b")
_AHEAD = re.compile(r"\b(?:until|until at least|from|by|for|next|this coming) (?:\w+ )?$")
_BEHIND = re.compile(r"\bsince $")
_FUTURE = re.compile(
    r"\b(?:will|would|shall|should|can|could|may|might|must|(?:is|are|was|were|due|plans?|planned|expected|wants?|has|have|had|"
    r"set|scheduled|vowed|promised|asked|decided|hopes?|hoped|about|going) to|begins?|starts?|ends|meets|votes|opens|decides|"
    r"resumes?|runs|lasts|leaves|faces|expects?)\b(?: (?:not |also |only |now )?(?:be |have been )?\w+)?"
)
_INFINITIVE = re.compile(r"\bto (?!the\b|an?\b|its\b|their\b|his\b|her\b|this\b|that\b)[a-z]+\b")
_PAST = re.compile(
    r"\b(?:said|told|was|were|did|came|went|took|taken|won|lost|made|gave|given|held|began|begun|fell|fallen|rose|risen|left|"
    r"met|sent|shut|broke|broken|found|got|saw|seen|ran|became|stood|brought|fought|paid|sold|bought|led|struck|hit|wrote|"
    r"written|killed|driven|shot|beat|been|(?!speed|need|hundred|indeed)\w{3,}ed)\b"
)


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """``body[start:end]`` are the words; ``day`` is "2025-08-29", "2025-08" for a month, "2025" for a year."""

    start: int
    end: int
    day: str


def spoken_days(article: Article, within: Span) -> tuple[SpokenDay, ...]:
    """Those of a stretch of an article's body, in order; none where the day of publication is not known."""
    published = article.published[:10]
    if not published or not len(within):
        return ()
    return tuple(_in(article.body, within, date.fromisoformat(published)))


def _in(body: str, within: Span, published: date) -> Iterator[SpokenDay]:
    for sentence in sentences(body, within):
        for match in _SPOKEN.finditer(body, sentence.start, sentence.end):
            before, after = body[sentence.start : match.start()], body[match.end() : sentence.end]
            if day := _meant(match, before, after, published):
                yield SpokenDay(match.start(), match.end(), day)


def _meant(match: re.Match[str], before: str, after: str, published: date) -> str:
    if match["near"]:
        # "USA Today"; and of "said on Monday that it closes tomorrow" nobody can tell from which day it counts.
        if (match["near"][0].isupper() and before.strip()) or _WEEKDAY.search(before + after):
            return ""
        return _iso(shifted(published, _NEAR[match["near"].lower()]))
    if match["unit"]:
        years = set(re.findall(r"\b(?:19|20)\d\d\b", before + after)) - {f"{published.year}"}
        if years:  # "in 1998 he said that taxes would rise next year"
            return ""
        return _month_or_year(published, _UNITS[match["order"].lower()], match["unit"])
    if _NO_ONE_DAY.search(before) or _SAID_ALREADY.match(after):
        return ""
    ahead = (_WEEKDAYS.index(match["weekday"]) - published.weekday()) % 7
    which = (match["which"] or "").strip()
    if which == "last" or (not which and _is_past(before, after)):
        return _iso(shifted(published, ahead - 7 if ahead or which else 0))
    # On a Monday "will meet on Monday" may be today's or the next: nobody can tell.
    return _iso(shifted(published, ahead)) if ahead and (which or _is_future(before)) else ""


def _is_past(before: str, after: str) -> bool:
    """By the verb that is nearest before the day, or stands right behind it ("on Monday postponed")."""
    if _BEHIND.search(before):
        return True
    past, future = _last(_PAST, before), _last(_FUTURE, before)
    if past < 0 and future < 0:
        return bool(re.match(r" (?:night |morning |evening )?\w{3,}ed\b", after))
    # "Asked them to come back on Tuesday" leaves open which verb the day belongs to.
    return past > max(future, _last(_INFINITIVE, before)) and not _AHEAD.search(before)


def _is_future(before: str) -> bool:
    past, future = _last(_PAST, before), _last(_FUTURE, before)
    return past <= future >= 0 or (bool(_AHEAD.search(before)) and not re.search(r"\bhad\b", before))


def _last(pattern: re.Pattern[str], before: str) -> int:
    """Where in the clause it ends last; -1 where nowhere."""
    return max((match.end() for match in pattern.finditer(_CLAUSE.split(before)[-1])), default=-1)


def _iso(day: date) -> str:
    return day.isoformat()


def _month_or_year(published: date, shift: int, unit: str) -> str:
    months = published.year * 12 + published.month - 1 + shift * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return ""
    return f"{year:04d}" if unit == "year" else f"{year:04d}-{month:02d}"

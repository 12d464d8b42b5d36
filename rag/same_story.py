"""Whether two articles carry the same story text: a wire story under several mastheads, cut, retitled, lightly edited.

Measured is containment: how much of the shorter text stands in the longer one, in runs of four words. True copies share
only some 30 % of all their runs (NEWS-COPY, Silcock et al. 2022), so that a Jaccard threshold misses most of them; cutting
a story leaves its containment at 1. Templates (dividends, bond issues, the day's weather) share their runs too, but
neither their numbers nor their names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zlib import crc32

from .article import Article, Kind
from .words import STOP_WORDS

WINDOW = 7  # days between the first publications of two copies
RUN = 4  # words
# Fewer runs than this are a headline or a table, which say nothing of where they came from.
FEWEST_RUNS = 20
# Forms and set phrases share some dozens of runs: where no more are shared, the numbers and names have to agree.
ENOUGH_SHARED = 50
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a pair must reach: the containment of its runs, and of its numbers and its names. ``facts`` is asked where many
    runs are shared, `_FACTS_OF_FEW` where few are."""

    runs: float
    facts: float


# Tuned on one half of copies made of Reuters-21578 and MultiHop-RAG stories, read on the other half.
_SAME_WIRE = _Bar(0.3, 0.6)
_OTHER_PUBLISHER = _Bar(0.4, 0.6)
# One publisher's own updates, live pages and forms: nearly everything must agree.
_SAME_PUBLISHER = _Bar(0.75, 0.9)
_FACTS_OF_FEW = 0.85
LOWEST_BAR = _SAME_WIRE.runs


@dataclass(frozen=True, slots=True)
class Telling:
    """What is compared of an article: its text as hashes of its runs of four words, its numbers and its names; the day of
    first publication, counted from the year 1 (None where it is unknown); who published it and who wrote it."""

    runs: frozenset[int]
    numbers: frozenset[str]
    names: frozenset[str]
    day: int | None
    publisher: str
    source: str
    is_live: bool


@lru_cache(maxsize=512)
def telling(article: Article) -> Telling:
    """Of the body alone: headline, dateline and credit are what mastheads change."""
    spelled = _WORD.findall(article.body)
    words = [word.casefold() for word in spelled]
    names = (word for spelling, word in zip(spelled, words, strict=True) if spelling[0].isupper())
    return Telling(
        runs=frozenset(crc32(" ".join(words[n : n + RUN]).encode()) for n in range(len(words) - RUN + 1)),
        numbers=frozenset(word for word in words if word[0].isdigit()),
        names=frozenset(names) - STOP_WORDS,
        day=date.fromisoformat(article.published[:10]).toordinal() if article.published else None,
        publisher=_folded(article.publisher),
        source=_folded(article.originator or article.publisher),
        is_live=article.kind is Kind.LIVE,
    )


def likeness(one: Article, other: Article) -> float:
    """The containment where one is a copy of the other, else 0. The same for both orders of the two."""
    mine, theirs = telling(one), telling(other)
    shorter = min(len(mine.runs), len(theirs.runs))
    if shorter < FEWEST_RUNS or not _within_window(mine, theirs):
        return 0.0
    bar, shared = _bar(mine, theirs), _contained(mine.runs, theirs.runs)
    facts = bar.facts if shared * shorter >= ENOUGH_SHARED else max(bar.facts, _FACTS_OF_FEW)
    agree = (
        shared >= bar.runs and _agree(mine.numbers, theirs.numbers, facts) and _agree(mine.names, theirs.names, facts)
    )
    return shared if agree else 0.0


def _folded(name: str) -> str:
    return name.casefold().removeprefix("the ").strip()


def _bar(one: Telling, other: Telling) -> _Bar:
    if one.publisher == other.publisher or one.is_live or other.is_live:
        return _SAME_PUBLISHER
    return _SAME_WIRE if one.source == other.source else _OTHER_PUBLISHER


def _within_window(one: Telling, other: Telling) -> bool:
    """An unknown day is no reason against."""
    return one.day is None or other.day is None or abs(one.day - other.day) <= WINDOW


def _contained(one: frozenset, other: frozenset) -> float:
    """The share of the smaller set that stands in the larger one."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _agree(one: frozenset[str], other: frozenset[str], share: float) -> bool:
    """One alone proves nothing."""
    return min(len(one), len(other)) < 2 or _contained(one, other) >= share

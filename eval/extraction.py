"""What our reader makes of saved pages, beside trafilatura and newspaper4k, in one run over the same pages."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from rag.address import host_of

from .extractors import Extractor, Found, day_of
from .figures import Cell, mean, table
from .question import Split
from .saved_pages import Page

_SHINGLE = 4
_RESAMPLES, _SEED = 2000, 3


@dataclass(frozen=True, slots=True)
class Scored:
    """What one extractor found in one page. None: there is nothing to compare with, or no text to be precise with."""

    page: str
    split: Split
    headline: bool | None
    publisher: bool | None
    authors: bool | None
    day: bool | None
    instant: bool | None
    precision: float | None
    recall: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: shares of the pages, the body's F1 with its 95 % interval, pages a second."""

    extractor: str
    split: str
    n: int
    headline: float | None
    publisher: float | None
    authors: float | None
    day: float | None
    instant: float | None
    precision: float
    recall: float
    f1: float
    f1_low: float
    f1_high: float
    pages_a_second: float


def run(held: Sequence[Page], extract: Extractor) -> list[Scored]:
    """Every page through one extractor; the first goes twice, since a cold start is none of its time."""
    for page in held[:1]:
        extract(page.html, page.address)
    return [scored(page, extract) for page in held]


def lines(extractor: str, found: Sequence[Scored]) -> list[Line]:
    """Each half, then both."""
    groups = [(split, [s for s in found if s.split == split]) for split in Split] + [("all", list(found))]
    return [_line(extractor, split, group) for split, group in groups if group]


def shown(held: Sequence[Line]) -> str:
    headings = ("extractor", "split", "n", "headline", "publisher", "authors", "day", "instant",
                "precision", "recall", "body F1", "from", "to", "pages/s")  # fmt: skip
    return table(headings, (_cells(line) for line in held))


def to_json(held: Sequence[Line]) -> list[dict[str, Any]]:
    return [asdict(line) for line in held]


def shingle_scores(true: str, found: str) -> tuple[float | None, float]:
    """Precision and recall of the runs of four words, as article-extraction-benchmark's evaluate.py counts them: the
    precision of no text at all is None and left out of the mean."""
    of_true, of_found = _shingles(true), _shingles(found)
    shared = (of_true & of_found).total()
    precision = shared / of_found.total() if of_found else None
    return precision, shared / of_true.total() if of_true else float(not of_found)


def same_words(one: str, other: str) -> bool:
    """Equal but for case, spaces and punctuation."""
    return letters(one) == letters(other)


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", text)).casefold()


def same_people(found: Iterable[str], true: Iterable[str]) -> bool:
    """The same set of names but for case, spaces and punctuation."""
    return {letters(name) for name in found} == {letters(name) for name in true}


def same_publisher(found: str, true: str, address: str) -> bool:
    """Whether a name is that of the site. The set knows the site by a word of its own ("FreeBeacon") and by address,
    not by its name ("Washington Free Beacon"): the name must begin or end with the word or with the host, or these
    with the name (at least four letters of it), or the host begins with its initials ("Associated Press": apnews)."""
    said = letters(found).removeprefix("the")
    host = host_of(address)
    known = {letters(true).removeprefix("the"), letters(host), *(label for label in host.split(".") if len(label) > 3)}
    initials = letters("".join(word[0] for word in re.findall(r"\w+", found)))
    return any(_begins_or_ends(said, word) for word in known) or (len(initials) > 1 and host.startswith(initials))


def _begins_or_ends(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > 3 and (long.startswith(short) or long.endswith(short)))


def scored(page: Page, extract: Extractor) -> Scored:
    """One page through one extractor."""
    begun = time.perf_counter()
    found = extract(page.html, page.address)
    seconds = time.perf_counter() - begun
    precision, recall = shingle_scores(_body_of(page, found), found.body)
    return Scored(
        page.name,
        page.split,
        same_words(found.headline, page.headline) if page.headline else None,
        same_publisher(found.publisher, page.publisher, page.address) if page.publisher else None,
        same_people(found.authors, page.authors) if page.authors else None,
        _same_day(page.published, found) if page.published else None,
        _same_minute(page.published, found) if page.published else None,
        precision,
        recall,
        seconds,
    )


def _body_of(page: Page, found: Found) -> str:
    """The true text, without the standfirst that fundus puts in front of it where the extractor tells it apart."""
    first, _, rest = page.body.partition("\n\n")
    apart = rest and same_words(first, found.standfirst) and letters(first)[-40:] not in letters(found.body)
    return rest if apart else page.body


def _same_day(true: datetime, found: Found) -> bool:
    """A day without a time or zone may be that of the publisher's own clock."""
    exact = isinstance(found.published, datetime) and found.published.tzinfo
    return day_of(found.published) in ({day_of(true)} if exact else {day_of(true), true.date()})


def _same_minute(true: datetime, found: Found) -> bool | None:
    """Pages give seconds in one place and leave them out in another. A time without a zone is read as UTC; who tells
    days only, as trafilatura does, has said nothing of the minute."""
    if not isinstance(found.published, datetime):
        return False if found.published is None else None
    known = found.published if found.published.tzinfo else found.published.replace(tzinfo=UTC)
    return abs((known - true).total_seconds()) <= 60


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    # One page's truth writes ü as u and two dots: in one Unicode form it is the same letter for every extractor.
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text))
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)) if words)


def _line(extractor: str, split: str, group: Sequence[Scored]) -> Line:
    bodies = np.array([(np.nan if s.precision is None else s.precision, s.recall) for s in group])
    precision, recall = np.nanmean(bodies, axis=0)
    low, high = _interval(bodies)
    facts = {what: mean(v for s in group if (v := getattr(s, what)) is not None)
             for what in ("headline", "publisher", "authors", "day", "instant")}  # fmt: skip
    return Line(
        extractor, split, len(group), **facts, precision=float(precision), recall=float(recall),
        f1=float(_f1(bodies)), f1_low=low, f1_high=high, pages_a_second=len(group) / sum(s.seconds for s in group),
    )  # fmt: skip


def _f1(bodies: np.ndarray) -> np.ndarray:
    """Of (…, pages, 2): the harmonic mean of the mean precision and the mean recall."""
    means = np.nanmean(bodies, axis=-2)
    return 2 * means[..., 0] * means[..., 1] / np.maximum(means.sum(axis=-1), 1e-9)


def _interval(bodies: np.ndarray) -> tuple[float, float]:
    """The middle 95 % of what as many pages, drawn anew with repetition, would give."""
    drawn = np.random.default_rng(_SEED).integers(len(bodies), size=(_RESAMPLES, len(bodies)))
    low, high = np.percentile(_f1(bodies[drawn]), (2.5, 97.5))
    return float(low), float(high)


def _cells(line: Line) -> list[Cell]:
    cells = list(asdict(line).values())
    return [*cells[:-1], f"{cells[-1]:.1f}"]

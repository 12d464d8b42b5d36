"""Figures: what was said of one number over time and across publishers, as a table; never an average.

A row is there only where it is certain that it counts the same thing: the same unit or counted noun, what the question
names in the article, and the question's own words around the number. Where that is not certain there is no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from .article import Article, Kind, Status
from .counted import Counted, counted
from .independence import source_of
from .matter import Matter
from .quantity import quantities
from .sentences import Span, sentences
from .words import terms

_LIKELY = 4.0  # a number that is so many times another counts something else
_NO_REPORT = (Kind.OPINION, Kind.PRESS_RELEASE)  # they repeat or promise; reports are compared
# "Three times as much as the first one": there were two of them.
_OF_ANOTHER = re.compile(
    r"\b(?:as|than|of) (?:in )?(?:the|that of the) (?:first|second|last|previous|earlier) (?:one|time)\b"
)
_AT_ONCE = timedelta(days=1)
_MOST = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """One value as it was first told. ``words`` stand in ``article.body``, ``article.body[start:end]`` is their sentence.
    ``mark`` is "superseded" or "corrected" where a later version of the article does not say it any more: then the
    sentence is not shown. ``others`` are publishers that said the same value later, of their own; ``instead_of`` is the
    number that its sentence says it took the place of, where no row has that."""

    words: str
    value: float
    article: Article
    start: int
    end: int
    mark: str = ""
    others: tuple[str, ...] = ()
    instead_of: str = ""

    @property
    def quote(self) -> str:
        """Empty for a version that does not stand any more."""
        return "" if self.mark else self.article.body[self.start : self.end]

    def to_json(self) -> dict[str, Any]:
        article = self.article
        place = {} if self.mark else {"quote": self.quote, "start": self.start, "end": self.end}
        return {
            "words": self.words,
            "value": self.value,
            "publisher": article.publisher,
            "originator": article.originator,
            "version_time": article.updated,
            "article_id": article.id,
            "revision": article.revision,
            "mark": self.mark,
            "also": list(self.others),
            "instead_of": self.instead_of,
        } | place


@dataclass(frozen=True, slots=True)
class Figures:
    """At least two values, by the times of their versions."""

    rows: tuple[Figure, ...]

    def changes(self) -> Iterator[tuple[Figure, bool]]:
        """Each figure, and whether it took the place of the one before: it is of the same source, or a day younger."""
        for before, row in zip((None, *self.rows), self.rows, strict=False):
            yield row, before is not None and _follows(before.article, row.article)

    def to_json(self) -> list[dict[str, Any]]:
        return [row.to_json() for row in self.rows]


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure in one version of an article, of which ``last`` is the version that stands; ``share`` weighs how much of
    what the question says of the number stands around it, ``beside`` are the figures of the same sentence."""

    counted: Counted
    article: Article
    span: Span
    last: Article
    share: float
    beside: tuple[Counted, ...]

    @property
    def stands(self) -> bool:
        return self.article is self.last


def figures(matter: Matter, versions: Mapping[str, Sequence[Article]]) -> Figures | None:
    """The table; ``versions`` are the usable versions of each article that was found, the one that stands last."""
    told = [figure for revisions in versions.values() for figure in _nearest(_told(matter, revisions))]
    if not told:
        return None
    anchor = max(told, key=lambda figure: (figure.share, figure.stands, figure.article.updated))
    same = [figure for figure in told if matter.same_thing(anchor.counted, figure.counted) and _likely(anchor, figure)]
    whole = [figure for figure in same if not _is_part(figure, same)]
    rows = _rows([figure for figure in whole if not _looks_back(figure, whole)])[-_MOST:]
    return Figures(tuple(_told_before(row, rows) for row in rows)) if len(rows) > 1 else None


def _told(matter: Matter, revisions: Sequence[Article]) -> Iterator[_Told]:
    if revisions[-1].kind in _NO_REPORT or not matter.is_about(revisions[-1]):
        return
    for article in revisions:
        context = _context(article)
        for span, stated in _stated(article.body):
            if _OF_ANOTHER.search(span.of(article.body)):
                continue
            fitting = [figure for figure in stated if matter.counts(figure)]
            if len({figure.quantity.value for figure in fitting}) != 1:
                continue  # none, or two of a kind in one sentence: which is meant, nobody can tell here
            free = _free_of_others(matter, fitting[0], context)
            share = matter.share(fitting[0], free, _echo(fitting[0], article.headline))
            if share >= matter.bar or matter.is_certain(fitting[0], revisions[-1]):
                yield _Told(fitting[0], article, span, revisions[-1], share, stated)


def _nearest(told: Iterable[_Told]) -> list[_Told]:
    """Of each version the figure that is nearest to the question: an article gives one value of a thing, and where it gives
    two of one unit the other is another thing, or another party's."""
    best: dict[str, list[_Told]] = {}
    for figure in told:
        best.setdefault(figure.article.revision, []).append(figure)
    nearest = {revision: max(figures, key=lambda figure: figure.share) for revision, figures in best.items()}
    return [f for revision, figures in best.items() for f in figures if f.counted.equals(nearest[revision].counted)]


@lru_cache(maxsize=1_000)
def _stated(body: str) -> tuple[tuple[Span, tuple[Counted, ...]], ...]:
    """The sentences that state figures; kept, since the same few stories are asked about again and again."""
    return tuple((span, stated) for span in sentences(body) if (stated := counted(span.of(body))))


def _context(article: Article) -> tuple[str, str]:
    lead = next(iter(sentences(article.body, Span(0, min(len(article.body), 800)))), Span(0, 0))
    return article.headline, lead.of(article.body)


def _free_of_others(matter: Matter, figure: Counted, context: Iterable[str]) -> frozenset[str]:
    """The words of headline and lead, unless they give another figure of this kind and so speak of that."""
    held: set[str] = set()
    for text in context:
        if all(figure.equals(other) for other in counted(text) if matter.counts(other)):
            held |= set(terms(text))
    return frozenset(held)


def _echo(figure: Counted, headline: str) -> frozenset[str]:
    """The words of a headline that holds the number too."""
    told = any(figure.quantity.agrees_with(other) for other in quantities(headline))
    return frozenset(terms(headline)) if told else frozenset()


def _likely(anchor: _Told, other: _Told) -> bool:
    low, high = sorted((anchor.counted.quantity.value, other.counted.quantity.value))
    return low > 0 and high / low <= _LIKELY


def _is_part(figure: _Told, all_told: Sequence[_Told]) -> bool:
    """Whether it is a part of another value of the table: "118 of the 391 homes"."""
    return bool(figure.counted.total) and any(o.counted.quantity.value == figure.counted.total for o in all_told)


def _looks_back(figure: _Told, all_told: Sequence[_Told]) -> bool:
    """Whether its sentence tells another value of the table too, and this one is told elsewhere: it speaks of the change."""
    apart = [other.counted for other in all_told if not other.counted.equals(figure.counted)]
    both = any(o.equals(b) for o in apart for b in figure.beside if not b.equals(figure.counted))
    return both and any(
        other is not figure and other.counted.equals(figure.counted) and other.article.id != figure.article.id
        for other in all_told
    )


def _rows(told: Sequence[_Told]) -> list[Figure]:
    """One row a value, by who told it first."""
    rows: list[tuple[_Told, list[_Told]]] = []
    for figure in sorted(
        told, key=lambda f: (f.article.updated, bool(f.article.originator != f.article.publisher), f.article.id)
    ):
        known = next((row for row in rows if row[0].counted.equals(figure.counted)), None)
        known[1].append(figure) if known else rows.append((figure, [figure]))
    return [_row(first, again) for first, again in rows]


def _order(told: _Told) -> tuple[str, bool, str]:
    """By time; of two of one moment the originator first."""
    article = told.article
    return article.updated, article.originator not in ("", article.publisher), article.id


def _row(first: _Told, again: Sequence[_Told]) -> Figure:
    """Shown by a version that stands where one does: where only the number's first report stands no more it says so."""
    standing = next((f for f in again if f.stands and f.article.id == first.article.id), None)
    body, span, figure = first.article.body, first.span, first.counted
    row = Figure(
        body[span.start + figure.start : span.start + figure.end],
        figure.quantity.value,
        first.article,
        span.start,
        span.end,
    )
    source = source_of(first.article)
    others = dict.fromkeys(f.article.publisher for f in again if source_of(f.article) != source and f.stands)
    mark = "" if first.stands or standing else "corrected" if first.last.status is Status.CORRECTED else "superseded"
    return replace(row, mark=mark, others=tuple(name for name in others if name), instead_of=figure.instead_of)


def _told_before(row: Figure, rows: Sequence[Figure]) -> Figure:
    """Without the number that it took the place of where a row tells that itself."""
    held = [q for other in rows for q in quantities(other.words)]
    known = any(q.agrees_with(other) for q in quantities(row.instead_of) for other in held)
    return replace(row, instead_of="") if known else row


def _follows(before: Article, row: Article) -> bool:
    if source_of(before) == source_of(row):
        return True
    if not before.updated or not row.updated:
        return False
    return datetime.fromisoformat(row.updated) - datetime.fromisoformat(before.updated) >= _AT_ONCE

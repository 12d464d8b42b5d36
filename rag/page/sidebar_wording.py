"""What stands beside an answer in words, for the terminal and the page alike; nothing is escaped here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..article import Article, Kind
from ..coverage_line import CoverageLine
from ..figures import Figure, Figures
from ..hidden import HiddenBy
from ..independence import Independence
from ..sidebar import Sidebar
from ..timeline import Entry
from .wording import articles_words, credit, day_words, label, span_words, with_day_words

_NAMED = 4
_KINDS = {
    Kind.OPINION: ("an opinion piece", "opinion pieces"),
    Kind.ANALYSIS: ("an analysis", "analyses"),
    Kind.PRESS_RELEASE: ("a press release", "press releases"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; ``warns`` is whether a reader should not overlook it."""

    text: str
    warns: bool = False


def sidebar_lines(sidebar: Sidebar, refused: bool) -> Iterator[Line]:
    """Sources, what was taken back, coverage; of a refusal, whose notice tells the coverage, what hides an answer."""
    if sidebar.independence:
        yield Line(independence_words(sidebar.independence))
        if sidebar.independence.only:
            yield Line(only_words(sidebar.independence), warns=True)
    for gone in sidebar.withdrawn:
        on = f" on {day_words(gone.day)}" if gone.day else ""
        yield Line(
            f"An article of {gone.publisher or 'a publisher unknown'} that told the same was withdrawn{on}.", warns=True
        )
    for earlier in sidebar.said_otherwise:
        until = f", until {day_words(earlier.day)}," if earlier.day else ""
        yield Line(f"An earlier version of [{earlier.number}]{until} gave another number.", warns=True)
    if not refused and (covered := coverage_words(sidebar.coverage)):
        yield Line(covered)
    yield from (Line(text, warns=True) for text in now_words(sidebar.coverage))
    yield from (Line(hidden_words(hidden)) for hidden in sidebar.hidden)


def independence_words(told: Independence) -> str:
    """ "5 articles, 2 independent sources: HTA and HPB News"; "1 article, 1 source: HPB News"."""
    count = len(told.sources)
    names = list(told.sources[:_NAMED]) + ([f"{count - _NAMED} more"] if count > _NAMED else [])
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"{articles_words(told.articles)}, {f'{count} independent sources' if count > 1 else '1 source'}: {listed}."


def only_words(told: Independence) -> str:
    """ "Only an opinion piece says so."; "Only opinion pieces and press releases say so."."""
    if len(told.only) == 1 and told.articles == 1:
        return f"Only {_KINDS[told.only[0]][0]} says so."
    return f"Only {' and '.join(_KINDS[kind][1] for kind in told.only)} say so."


def coverage_words(coverage: CoverageLine) -> str:
    span = span_words(coverage.first, coverage.last)
    if not span:
        return ""
    newest = f"; the newest match is of {day_words(coverage.newest)}" if coverage.newest else ""
    return f"The archive covers {span}{newest}."


def now_words(coverage: CoverageLine) -> Iterator[str]:
    if coverage.ends_before:
        yield f"You ask about “{coverage.ends_before}”; the archive ends on {day_words(coverage.last)}."
    elif coverage.older:
        yield f"You ask about now; the newest report here is {coverage.older} days older."


def hidden_words(hidden: HiddenBy) -> str:
    count = "1 nearer passage" if hidden.passages == 1 else f"{hidden.passages} nearer passages"
    nearest = f"“{hidden.nearest.headline}” ({credit(hidden.nearest)}, {day_words(hidden.nearest.published)})"
    answers = " Without the filters there is an answer." if hidden.answers else ""
    return f"The filter “{with_day_words(hidden.filter)}” hides {count}; without it: {nearest}.{answers}"


def chain_words(figures: Figures) -> str:
    """ "12 (AP, 3 March 09:10) → 15 (AP, 3 March 17:40); 14 (Reuters, 3 March 18:00)": the arrow where one took the place
    of the one before."""
    told = ""
    for row, follows in figures.changes():
        told += f"{(' → ' if follows else '; ') if told else ''}{row.words} ({figure_credit(row, figures)})"
    return told


def figure_credit(row: Figure, figures: Figures) -> str:
    """Who told it first and when (UTC), to the minute where another value is of the same day."""
    article = row.article
    days = [other.article.updated[:10] for other in figures.rows]
    short = len({day[:4] for day in days}) == 1
    day = day_words(article.updated)
    day = day[:-5] if short and article.updated else day
    time = f" {article.updated[11:16]}" if days.count(article.updated[:10]) > 1 else ""
    before = f", instead of {row.instead_of}" if row.instead_of else ""
    who = article.originator or article.publisher or "publisher unknown"
    return f"{who}, {day}{time}{before}{f', {row.mark}' if row.mark else ''}"


def entry_credit(entry: Entry) -> str:
    """ "HTA, via Pellow Bay Courier; also HPB News"."""
    others = f"; also {', '.join(entry.others[:_NAMED])}" if entry.others else ""
    return f"{', '.join(filter(None, (credit(entry.article), label(entry.article))))}{others}{_revised(entry.article)}"


def _revised(article: Article) -> str:
    later = article.updated[:10] > article.published[:10]
    return f"; this version {day_words(article.updated)}" if later else ""

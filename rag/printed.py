"""Answers and hits as a terminal shows them, and hits as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from .answer import Answer, Sentence
from .article import Article, Kind
from .citation import Citation
from .page.wording import correction, day_words, label, spoken_day_words
from .page.wording import credit as who
from .passage import Hit
from .printed_sidebar import beside_lines
from .speaker import in_quotation

_WIDTH = 100


def answer_lines(answer: Answer) -> Iterator[str]:
    """The sentences with their marks, then the sources that they name."""
    if answer.searched_for and answer.searched_for != answer.question:
        yield f"(Searched for: {answer.searched_for})"
    if answer.as_of:
        yield f"(The archive as it stood on {answer.as_of}.)"
    if answer.notice:
        yield from textwrap.wrap(answer.notice, _WIDTH)
    if answer.premise:
        yield from textwrap.wrap(f"{_attributed(answer.premise)} [1]", _WIDTH)
        yield ""
        yield from source_lines("[1]", answer.premise.article, answer.premise.carried_by)
    if answer.short:
        yield f"{answer.short.text} [{answer.short.citation}]"
        yield ""
    by_number = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        yield from textwrap.wrap(_sentence(sentence, by_number), _WIDTH)
        yield from (f"    ! {fault}" for fault in sentence.verdict.faults)
    if answer.dropped:
        yield f"({len(answer.dropped)} left out, since the archive does not carry it:)"
        for sentence in answer.dropped:
            yield from textwrap.wrap(sentence.text, _WIDTH, initial_indent="    ", subsequent_indent="    ")
            yield from (f"    ! {fault}" for fault in sentence.verdict.faults)
    if answer.citations:
        yield ""
        carriers = {citation.article: citation.carried_by for citation in answer.citations}
        for article, carried_by in carriers.items():
            numbers = (f"[{citation.number}]" for citation in answer.citations if citation.article == article)
            yield from source_lines("".join(numbers), article, carried_by)
    if answer.refused and answer.nearest:
        yield ""
        yield "Nearest coverage, which is no answer:"
        for hit in answer.nearest:
            yield from source_lines(" - ", hit.article, hit.carried_by)
    if answer.sidebar and (beside := list(beside_lines(answer.sidebar, answer.refused))):
        yield ""
        yield from beside


def source_lines(mark: str, article: Article, carried_by: Sequence[str] = ()) -> Iterator[str]:
    """Headline, then publisher, day, byline, who else carried it, address; a correction is called a correction."""
    yield f"{mark} {article.headline}"
    indent = " " * (len(mark) + 1)
    yield indent + credit(article)
    if carried_by:
        told = f"also carried by {', '.join(carried_by)}"
        yield from textwrap.wrap(told, _WIDTH, initial_indent=indent, subsequent_indent=indent)
    if article.url:
        yield indent + article.url
    if note := correction(article):
        yield from textwrap.wrap(note, _WIDTH, initial_indent=indent, subsequent_indent=indent)


def credit(article: Article) -> str:
    """ "HTA, via Pellow Bay Courier, 8 March 2026, by Halden Frisk, OPINION"; what is unknown is left out."""
    carried = article.originator and article.originator != article.publisher
    who = f"{article.originator}, via {article.publisher}" if carried and article.publisher else article.publisher
    by = f"by {', '.join(article.bylines)}" if article.bylines else ""
    kind = "" if article.kind is Kind.REPORT else article.kind.value.upper()
    kind = ", ".join(filter(None, (kind, "SUMMARY FROM A FEED" if article.excerpt else "")))
    parts = (who or article.originator or "publisher unknown", long_day(article), _version_day(article), by, kind)
    return ", ".join(part for part in parts if part)


def long_day(article: Article) -> str:
    """ "8 March 2026", the day of first publication in UTC."""
    return day_words(article.published)


def _version_day(article: Article) -> str:
    """ "this version 9 March 2026", where that is another day."""
    other = article.updated[:10] != article.published[:10]
    return f"this version {day_words(article.updated)}" if article.updated and other else ""


def spoken(citation: Citation) -> str:
    """The quotation as a sentence of its own: words out of somebody's mouth get their marks and their speaker."""
    quote = _dated(citation)
    if in_quotation(citation.article.body, citation.start):
        who = f"{citation.speaker}: " if citation.speaker else ""
        return f"{who}“{quote.rstrip('”')}”" if "”" not in quote.rstrip("”") else f"{who}“{quote}"
    return quote


def _dated(citation: Citation) -> str:
    """The quote, with the day that is meant in brackets behind "Tuesday" and its like."""
    quote = citation.quote
    for day in reversed(citation.days):
        place = day.end - citation.start
        quote = f"{quote[:place]} [{spoken_day_words(day.day)}]{quote[place:]}"
    return quote


def hit_json(rank: int, hit: Hit) -> dict[str, Any]:
    return {"rank": rank, **hit.metadata(), "text": hit.passage.text, "found_by": hit.ranks}


def hit_lines(rank: int, hit: Hit) -> Iterator[str]:
    yield from source_lines(f"{rank:>2}.", hit.article, hit.carried_by)
    yield f"    score {hit.score:.3f}, characters {hit.passage.start} to {hit.passage.end}"
    yield from textwrap.wrap(f"because: {hit.why}", _WIDTH, initial_indent="    ", subsequent_indent="    ")
    yield from textwrap.wrap(hit.passage.text, _WIDTH, initial_indent="    ", subsequent_indent="    ", max_lines=4)
    yield ""


def _sentence(sentence: Sentence, by_number: dict[int, Citation]) -> str:
    marks = "".join(f"[{number}]" for number in sentence.citations)
    cited = [by_number[number] for number in sentence.citations if number in by_number]
    quoted = next((citation for citation in cited if citation.quote == sentence.text), None)
    return f"{_attributed(quoted) if quoted else sentence.text} {marks}".strip()


def _attributed(citation: Citation) -> str:
    """ "HTA, via Pellow Bay Courier, 8 March 2026: …", as a newsroom gives a quotation."""
    article = citation.article
    told = (who(article), day_words(article.published), label(article))
    return f"{', '.join(filter(None, told))}: {spoken(citation)}"

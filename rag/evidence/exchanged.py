"""Exchanged: a number or a name of the very sentence that is cited, given up for another one of the same passage.

Each stands in the source, but not there: "Fenn won 38.2 percent" where it says that Marrow did. It is seen where the rest of
the sentence is the same, it holds one that the cited sentence has not, and that sentence one of the kind that it has not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..counted import counted
from ..expectation import names
from ..quantity import quantities, without_source
from ..words import terms
from .dates import DATE, MONTH, WEEKDAY, date_parts, days_in, published, same_day
from .names import NO_NAMES, stands_for_one, unknown_words

_BEFORE_A_YEAR = f"in|since|by|until|till|of|from|for|to|than|after|before|early|late|spring|summer|autumn|winter|{MONTH}"
_SAME = 0.6  # of the terms of the sentence, names and numbers aside
_ONE_SPOKEN_OF = re.compile(r"^\W*(?:he|she|they|it|his|her|their|its)\b", re.IGNORECASE)
# Who said it may be left out of a sentence that gives it to nobody.
_SPEAKS = re.compile(r"\b(?:said|says|told|according to)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"(?:\bsaid|\bsays|\baccording to|\btold)\b[^,.]*$|^[^.;]*?\b(?:said|says|told)\b", re.IGNORECASE)


def exchanged_numbers(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    quotes = _same(text, citations)
    if not quotes:
        return
    held_text = " ".join(quotes)
    own, held = quantities(DATE.sub(" ", text)), quantities(DATE.sub(" ", held_text))
    for left_out in without_source(held, own):
        for taken in without_source(own, held):
            like = taken.unit == left_out.unit and _is_year(taken.words, text) <= _is_year(left_out.words, held_text)
            if like and _slot(taken.words, text) & _slot(left_out.words, held_text):
                yield f"the source says {left_out.words} there, not {taken.words}"
                return


def miscounted(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Where the source counts the same things and comes to other numbers alone."""
    known = counted(passages)
    for figure in counted(DATE.sub(" ", text)):
        same = [] if _is_year(figure.quantity.words, text) else [one for one in known if one.nouns & figure.nouns]
        beside = any(q.agrees_with(figure.quantity) and figure.nouns & _behind(q.words, passages) for q in quantities(passages))
        if same and not beside and not any(figure.equals(other) for other in same):
            yield f"the source does not count {figure.quantity.words}"


def exchanged_names(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    quotes = _same(text, citations)
    if not quotes or any(_ONE_SPOKEN_OF.search(quote) for quote in quotes):
        return
    held = " ".join([*quotes, *(f"{c.article.publisher} {c.article.originator}" for c in citations)])
    told = [quote if _SPEAKS.search(text) else _SPEAKER.sub(" ", quote) for quote in quotes]
    taken = [name for name in names(text) if not stands_for_one(name, passages) and _missing(name, held)]
    left_out = [name for quote in told for name in names(quote) if _missing(name, text)]
    kept = {place for name in left_out if not stands_for_one(name, text) for place in _slot(name, " ".join(quotes))}
    taken = [name for name in taken if _slot(name, text) & kept]
    if taken:
        yield f"the source does not name “{' '.join(_missing(taken[0], held)).title()}” there"


def exchanged_days(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """A date or a weekday, where the cited sentence itself names other days, none of which the text names."""
    same = [citation for citation in citations if _same(text, [citation])]
    days = [day for citation in same for day in days_in(citation.quote, published(citation))]
    own = [day for citation in same if (day := published(citation))]
    if any(day in days for one in same for day in days_in(text, published(one))):
        return
    for match in DATE.finditer(text) if days else ():
        if not any(same_day(date_parts(match), day) for day in days + own):
            yield f"the source does not name {match[0]} there"
    if days and not any(c.article.publisher and c.article.publisher in text for c in same):
        told = {f"{day:%A}" for day in days}
        yield from (f"the source does not name {day} there" for day in WEEKDAY.findall(text) if day not in told)


def _missing(name: str, evidence: str) -> list[str]:
    return [word for word in unknown_words(name, evidence) if word not in NO_NAMES]


def _slot(words: str, text: str) -> set[str]:
    """What stands right before and right behind: "<won" and "percent>"; "<" and ">" at the ends of the text."""
    found = re.search(rf"([\w’'-]*)\W*{re.escape(words)}\W*([\w’'-]*)", text)
    return {f"{found[1].lower()}<", f">{found[2].lower()}"} if found else set()


def _behind(words: str, text: str) -> set[str]:
    """The terms of the few words behind a number, wherever it stands."""
    places = re.finditer(rf"(?<![\w.]){re.escape(words)}((?:\W+\w+){{1,4}})", text)
    return {term for match in places for term in terms(match[1])}


def _same(text: str, citations: Sequence[Citation]) -> list[str]:
    """The cited sentences that say the same but for names and numbers."""
    wanted = _plain(text)
    quotes = [citation.quote for citation in citations]
    return [quote for quote in quotes if len(wanted & _plain(quote)) >= _SAME * max(1, len(wanted))]


def _plain(text: str) -> set[str]:
    named = {term for name in names(text) for term in terms(name)}
    return {term for term in terms(text) if term not in named and not term[0].isdigit()}


def _is_year(words: str, text: str) -> bool:
    """Whether it looks like a year and stands where one does: "in 2027", not "2027 changes"."""
    return bool(re.fullmatch(r"(?:19|20)\d\d", words) and re.search(rf"\b(?:{_BEFORE_A_YEAR}) {words}\b", text))

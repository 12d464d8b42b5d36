"""The short answer: the number, sum, name or day itself, out of the sentence that holds it, where only one can be meant.

It is cut from a quote, never put together: its words stand in the archive at ``start:end``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .candidates import Candidate
from .expectation import Expectation, expected
from .holding import asked_measure, counted_noun, persons_named
from .sentences import Span
from .words import terms, tokens

_SCALE = r"(?:hundred|thousand|million|billion|trillion|bn|m)"
_DIGITS = rf"\d+(?:[.,]\d+)*(?:\s{_SCALE}\b)?"
_SPELT = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    rf"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|a|half|dozen)(?:[\s-](?:and\s)?|\b))+(?:{_SCALE}\b)?"
)
_CURRENCY = r"(?:dollars?|euros?|pounds?|crowns?|kron\w+|francs?|yen|rupees?|USD|EUR|GBP)"
_RATE = r"(?:\s(?:a|per|an)\s(?:day|week|month|year|hour|share|head|tonne|person|kilo))?"
_MONEY = re.compile(rf"(?:[$€£¥]\s?{_DIGITS}|(?:{_DIGITS}|{_SPELT})\s{_CURRENCY}){_RATE}", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![\w.,])(?:{_DIGITS}|(?i:{_SPELT}))(?![\w])")
_UNIT = re.compile(
    r"\s?(?:%|per ?cent|percentage points?|(?:kilo|centi|milli)?met(?:re|er)s|miles|feet|tonnes|hectares|"
    r"years|months|weeks|days|hours|minutes|degrees|votes)\b(?: an hour| and \w+ (?:months|days|minutes))?"
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s(?:{_MONTH})(?:,?\s\d{{4}})?"
    rf"|(?:{_MONTH})\s\d{{1,2}}(?!\d)(?:,?\s\d{{4}})?|(?:{_MONTH})\s\d{{4}}|(?:19|20)\d\d"
)
# "By how many" asks for a difference, which may have to be computed.
_DIFFERENCE = re.compile(r"\bby how\b|\bhow (?:many|much) (?:more|less|fewer)\b", re.IGNORECASE)
_NEAR = 40  # characters between a number and what it counts


def short_span(question: str, best: Candidate, others: Sequence[Candidate]) -> Span | None:
    """Where in the body of the best candidate's article the short answer stands; None where it is not certain: the sentence
    holds several, or another quote another one."""
    if best.fit < 1:
        return None
    kind = expected(question)
    found = _new(question, list(_found(kind, question, best)), best)
    if len({_plain(span.of(best.text)) for span in found}) != 1:
        return None
    told = _plain(found[0].of(best.text))
    rivals = (span.of(one.text) for one in others for span in _new(question, list(_found(kind, question, one)), one))
    if any(_plain(rival) != told for rival in rivals):
        return None
    return Span(best.span.start + found[0].start, best.span.start + found[0].end)


def _found(kind: Expectation, question: str, one: Candidate) -> Iterator[Span]:
    match kind:
        case Expectation.MONEY:
            yield from (Span(*match.span()) for match in _MONEY.finditer(one.text))
        case Expectation.NUMBER:
            yield from _numbers(question, one.text)
        case Expectation.PERSON:
            yield from _persons(one)
        case Expectation.DATE:
            yield from (Span(*match.span()) for match in _DAY.finditer(one.text))


def _numbers(question: str, text: str) -> Iterator[Span]:
    """Those of what is asked for: with their unit, or close before what they count."""
    measure, counted = asked_measure(question), counted_noun(question)
    if _DIFFERENCE.search(question) or not (measure or counted):
        return
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        whole = Span(match.start(), unit.end() if unit else match.end())
        if measure and not measure.search(whole.of(text)):
            continue
        if counted and (unit and "cent" in unit[0] or "%" in whole.of(text)):
            continue
        if counted and not counted & set(terms(text[match.end() : match.end() + _NEAR])):
            continue
        if match[0].strip().lower() not in ("a", "one"):
            yield Span(whole.start, whole.start + len(whole.of(text).rstrip()))


def _persons(one: Candidate) -> Iterator[Span]:
    for name in persons_named(one.text, one.hit.article.body):
        place = one.text.find(name)
        if place >= 0:
            yield Span(place, place + len(name))


def _new(question: str, found: Sequence[Span], one: Candidate) -> list[Span]:
    """Without what the question says itself."""
    asked = set(tokens(question))
    return [span for span in found if not set(tokens(span.of(one.text))) <= asked]


def _plain(text: str) -> str:
    return " ".join(tokens(text))

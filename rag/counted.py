"""What the numbers of a sentence count: "391 homes", "180 of its 640 jobs" (jobs), "the count of homes to 312" (homes).

Only figures that the sentence states: not what it denies ("not 428"), comes from ("from 180 to 120"), measures by ("more
than last year's 40"), adds ("a further 588"), wants ("asked for 8,000"), or takes out of a whole that it does not give
("two of its members").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .quantity import Quantity, quantities
from .words import STOP_WORDS, stem, terms, tokens

_NOT_STATED = re.compile(
    r"(?:\b(?:from|not|instead of|rather than|against|between|compared with|up on|down on)"
    r"|(?<!more )(?<!less )(?<!fewer )\bthan(?: to)?|\bof (?:its|their|his|her|the))"
    r"(?:\s+the)?(?:\s+(?:about|some|roughly|nearly))?\s+[$€£]?$"
    r"|\b(?:further|another|additional|extra|other|remaining|average|each|every)\b[^,;.]{0,25}$"
    r"|\b(?:including|among them|of whom|of which)\b[^;.]{0,55}$"
    r"|\b(?:wants?|wanted|asked for|asks for|demand\w*|below|above|at least|limit of|up to)\b[^,;.]{0,30}$"
    r"|(?:\d|\w+(?:teen|ty|red|sand|lion)) of (?:about )?$"
    r"|\b(?:chapter|section|line|locker|platform|room|page|article|number|no\.)\s+$",
    re.IGNORECASE,
)
_SET_OFF = re.compile(
    r"^[\s-](?:\w+[\s-]){0,3}?(?:more|less|fewer|(?:higher|lower) than|apart|apiece|each|on average)\b", re.IGNORECASE
)
_PER = re.compile(
    r"^\W?(?:\w+\W+){0,3}?(?:an?|per|every)\s(share|year|day|week|month|hour|night|head|person|ton(?:ne)?)\b",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"^\s+of (?:(?:its|their|his|her|the|some|about|all)\s+)?(?P<total>\d[\d,.]*\s+)?(?=[a-z])", re.IGNORECASE
)
_AFTER = re.compile(r"^[\s-]+((?:[a-z][\w’'-]*\s+){0,2}[a-z][\w’'-]*)")
_NUMBER_OF = re.compile(
    r"\b(?:number|count|total|toll|tally|figure)s? (?:of|for) (?:the )?((?:[a-z’'-]+\s){0,2}[a-z’'-]+)[^;,]*$"
)
_CLAUSE = re.compile(r";|\s[—–]\s|,\s(?:and|but|while|which|of which|whereas|so that)\b")
_NOT_A_NOUN = STOP_WORDS | {
    "per",
    "cent",
    "million",
    "billion",
    "thousand",
    "hundred",
    "a.m",
    "p.m",
    "instead",
    "against",
}
_UNIT = re.compile(
    r"^\s?(?:%|per ?cent\b|(?:[a-z]+\s)?(?:crowns?|dollars?|euros?|pounds?|francs?|yen|krone|rupees?)\b)", re.IGNORECASE
)
_NUMBER = r"(\d[\d.,]*\d|\d)(?:\s(?:million|billion|thousand))?"
_ROUGHLY = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|approximately|over|under|more than|fewer than|less than)\s+$"
)
_VAGUE = re.compile(r"(?:a|several|some) |dozen", re.IGNORECASE)  # "over a million"
_CAME_FROM = re.compile(rf"\bfrom {_NUMBER} to (?:about )?$", re.IGNORECASE)
_INSTEAD_OF = re.compile(rf"^[^,;.]{{0,20}}\binstead of {_NUMBER}", re.IGNORECASE)
_BEFORE, _BEHIND = 7, 4  # words around a number that say what it is


@dataclass(frozen=True, slots=True)
class Counted:
    """``text[start:end]`` is the number with "about" and what it counts, ``nouns`` are the stems of that.

    ``per`` is "share" of "15.60 crowns a share"; ``total`` is 640 of "180 of its 640 jobs", 0 without one; ``instead_of`` is
    "38 million" where it took the place of that; ``near`` are the stems of the words around it up to a comma, ``clause``
    those of its clause.
    """

    quantity: Quantity
    start: int
    end: int
    nouns: frozenset[str]
    per: str
    total: float
    instead_of: str
    near: frozenset[str]
    clause: frozenset[str]

    def equals(self, other: Counted) -> bool:
        return self.quantity.agrees_with(other.quantity) or other.quantity.agrees_with(self.quantity)


def counted(sentence: str) -> tuple[Counted, ...]:
    """The figures that a sentence states, in no order."""
    return tuple(figure for place, q in _placed(sentence) if (figure := _read(sentence, place, q)))


def _placed(sentence: str) -> Iterator[tuple[int, Quantity]]:
    """Where each quantity stands: those in digits come first, in the order of the text, then those in words."""
    begin, in_digits = 0, True
    for quantity in quantities(sentence):
        if in_digits and not any(sign.isdigit() for sign in quantity.words):
            begin, in_digits = 0, False
        place = sentence.find(quantity.words, begin)
        if place >= 0:
            begin = place + len(quantity.words)
            yield place, quantity


def _read(sentence: str, start: int, quantity: Quantity) -> Counted | None:
    end = start + len(quantity.words)
    before, after = sentence[max(0, start - 60) : start], sentence[end : end + 60]
    if _NOT_STATED.search(before) or _SET_OFF.search(after):
        return None
    unit, part, per = _UNIT.match(after), _PART_OF.match(after), _PER.search(after)
    if _VAGUE.match(quantity.words) or (part and not part["total"]):
        return None
    nouns, length = _nouns(sentence[:start], after, part)
    first, last = _clause(sentence, start)
    roughly = _ROUGHLY.search(before)
    return Counted(
        quantity,
        roughly.start() + max(0, start - 60) if roughly else start,
        end + (unit.end() if unit else length),
        nouns,
        stem(per[1].lower()) if per else "",
        _total(part),
        _instead_of(before, after),
        frozenset(terms(_around(sentence[first:start], sentence[end:last]))),
        frozenset(terms(sentence[first:last])),
    )


def _total(part: re.Match[str] | None) -> float:
    whole = quantities(part["total"]) if part and part["total"] else []
    return whole[0].value if whole else 0.0


def _instead_of(before: str, after: str) -> str:
    match = _CAME_FROM.search(before) or _INSTEAD_OF.search(after)
    return match[0][match.start(1) - match.start() :].partition(" to ")[0] if match else ""


def _around(before: str, after: str) -> str:
    return " ".join([*before.rpartition(",")[2].split()[-_BEFORE:], *after.partition(", ")[0].split()[:_BEHIND]])


def _nouns(before: str, after: str, part: re.Match[str] | None) -> tuple[frozenset[str], int]:
    """What is counted, and how many characters after the number say so."""
    skipped = part.end() - 1 if part else 0
    if match := _AFTER.match(after[skipped:]):
        words = _until_stop(match[1])
        if words and tokens(words):
            until = skipped + match.start(1) + len(words)
            return frozenset(terms(words)), 0 if part else until
    named = _NUMBER_OF.search(before)
    return (frozenset(terms(_until_stop(named[1]))), 0) if named else (frozenset(), 0)


def _until_stop(words: str) -> str:
    """The words before the first that is no part of a noun."""
    match = re.search(rf"(?:^|\s)(?:{'|'.join(map(re.escape, sorted(_NOT_A_NOUN)))})(?!\S)", words, re.IGNORECASE)
    return words[: match.start()] if match else words


def _clause(sentence: str, place: int) -> tuple[int, int]:
    edges = [0, *(match.start() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    return next((a, b) for a, b in zip(edges, edges[1:], strict=False) if a <= place < b)

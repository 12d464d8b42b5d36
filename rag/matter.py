"""The matter of a question that wants a number: its unit or counted noun, the names that it holds, what it says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .article import Article
from .counted import Counted
from .expectation import Expectation, expected, names
from .question import Question
from .words import STOP_WORDS, terms

_ALIKE = tuple(
    frozenset(terms(words))
    for words in (
        "home house household dwelling property",
        "people person inhabitant resident man woman",
        "worker employee staff driver striker",
        "pupil student schoolchild",
        "cost price bill claim sum bid offer expensive dear",
        "job post position",
        "dead death died killed victim fatality lost life lives",
        "cut go lose loss lost shed axe",
        "flooded flood flooding",
        "affect hit damage",
        "walk walkout strike stoppage striker",
    )
)
_COSTING = _ALIKE[4] | frozenset(terms("spend spent pay paid worth money"))
_ANYBODY = _ALIKE[1] | _ALIKE[2]  # most reports count people of several sorts
_COUNTED_NOUN = re.compile(
    r"\bhow many\s+(?:of the |more |other |new )?((?:[\w’'-]+\s+){0,2}[\w’'-]+)"
    r"|\b(?:number|count|tally|total|figures?)\s(?:of|for)\s(?:the )?((?:[\w’'-]+\s+){0,2}[\w’'-]+)",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\b(?:per|an?)\s(share|year|day|week|month|hour|night|head|person|ton(?:ne)?)\b|\b(daily|weekly|monthly|yearly|annual)\b",
    re.IGNORECASE,
)
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year"}
_COSTS = re.compile(
    r"\b(?:cost|price|bill|budget|bid|offer|fine|fee|rate|dear|expensive|crowns|dollars|euros|pounds)\w*\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:share|percentage|proportion|per ?cent|turnout)\b", re.IGNORECASE)
_HYPHENED = re.compile(r"\b\w+(?:-\w+)+\b")
# What is said of any number: when it was told, and that it changed.
_OF_ANY = frozenset(
    terms("latest now current currently final finally end last first original originally change changed grow grew rise rose "
          "fall fell fallen risen increase decrease develop time number count figure total tally toll supposed official "
          "right correct true altogether far still right new money much many so went come came early late put gave give year")
)  # fmt: skip
_FEWEST = 0.4  # of what the question says, weighed by rarity, stands around each figure
_FEWEST_UNNAMED = 0.6
_FEWEST_SHARE = 0.9
_NEARLY_ALL = 0.55
_SIZE = re.compile(r"\bhow (?:big|large|high)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Matter:
    """``unit`` is "money", "%" or ""; ``nouns`` are counted, or unknown where empty: then the figure that fits best tells.
    ``said`` weighs what the question says of the number (stems by rarity); ``named`` and ``compounds`` must be in the
    article."""

    unit: str
    nouns: frozenset[str]
    per: str
    said: Mapping[str, float]
    named: frozenset[str]
    compounds: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return not self.unit and not self.nouns

    @property
    def bar(self) -> float:
        if self.unit == "%":
            return _FEWEST_SHARE
        return _FEWEST_UNNAMED if self.is_open else _FEWEST

    @property
    def is_strict(self) -> bool:
        """Of shares there are several in most reports."""
        return self.is_open or self.unit == "%"

    @property
    def spent_on(self) -> frozenset[str]:
        """What the question says beside that it costs."""
        return frozenset(self.said) - _COSTING

    def is_about(self, article: Article) -> bool:
        text = f"{article.headline} {article.standfirst} {article.body}"
        return self.named <= set(terms(text)) and all(word in text.casefold() for word in self.compounds)

    def counts(self, figure: Counted) -> bool:
        """Whether a figure is of the unit or noun that is asked about."""
        if figure.per != self.per:
            return False
        if self.unit:
            unit = figure.quantity.unit
            return unit == "%" if self.unit == "%" else unit not in ("", "%")
        return bool(figure.nouns & self.nouns) if self.nouns else bool(figure.nouns) and not figure.quantity.unit

    def same_thing(self, anchor: Counted, other: Counted) -> bool:
        """Of one unit; where the question names no noun, of the noun of the figure that fits best."""
        alike = anchor.quantity.unit == other.quantity.unit
        return alike and (not self.is_open or bool(anchor.nouns & other.nouns))

    def share(self, figure: Counted, context: frozenset[str], echo: frozenset[str] = frozenset()) -> float:
        """How much of what the question says stands in the clause of the figure or in ``context``, the words of headline and
        lead; ``echo`` are those of a headline that holds the very number.

        0 where money has none of it right beside it or is spent on something else, and where people do nothing of it.
        """
        clause = _widened(figure.clause)
        held = clause if self.is_strict else _widened(figure.clause | context)
        said = self.said
        if self.unit == "money":
            if not _widened(figure.near) & set(said) or (self.spent_on and not self.spent_on & clause):
                return 0.0
            said = {term: said[term] for term in self.spent_on} or said
        elif self.nouns & _ANYBODY and not (clause | _widened(echo)) & set(said):
            return 0.0
        total = sum(said.values())
        return sum(weight for term, weight in said.items() if term in held) / total if total else 0.0

    def is_certain(self, figure: Counted, article: Article) -> bool:
        """Whether the words right beside the figure say it, in an article that holds nearly all that the question says."""
        if self.is_strict or not _widened(figure.near) & set(self.said):
            return False
        held = _widened(frozenset(terms(f"{article.headline} {article.standfirst} {article.body}")))
        return sum(w for term, w in self.said.items() if term in held) >= _NEARLY_ALL * sum(self.said.values())


def matter_of(question: Question, rarity: Mapping[str, float]) -> Matter | None:
    """None where the question asks for no number and for no change."""
    text, expects = question.text, expected(question.text)
    nouns = _widened(_nouns_of(text))
    if expects not in (Expectation.NUMBER, Expectation.MONEY) and not (question.wants_change or nouns):
        return None
    unit = "" if nouns else _unit_of(text, expects)
    if not (nouns or unit or question.wants_change or _SIZE.search(text)):
        return None  # how long, how old
    days = frozenset(term for period in question.whole.periods for term in terms(period.words))
    named = frozenset(term for name in names(text) for term in terms(name)) - nouns - days
    beside = {t: w for t, w in rarity.items() if t not in _OF_ANY | nouns | named | days}
    per = _PER.search(text)
    return Matter(unit, nouns, _per(per), beside, named, tuple(word.casefold() for word in _HYPHENED.findall(text)))


def _unit_of(text: str, expects: Expectation) -> str:
    if _SHARE.search(text) and not re.search(r"\bper share\b", text, re.IGNORECASE):
        return "%"
    return "money" if expects is Expectation.MONEY or _COSTS.search(text) else ""


def _nouns_of(text: str) -> frozenset[str]:
    """ "pupils sat" of "how many pupils sat the paper", "workers" of "workers walked out": a verb among them does no harm."""
    found = _COUNTED_NOUN.search(text)
    words: list[str] = []
    for word in (found[1] or found[2]).split() if found else ():
        if word.casefold() in STOP_WORDS or (words and word.endswith("ed")):
            break
        words.append(word)
    return frozenset(terms(" ".join(words)))


def _per(match: re.Match[str] | None) -> str:
    if not match:
        return ""
    word = (match[1] or _ADVERBS[match[2].lower()]).lower()
    return next(iter(terms(word)), word)


def _widened(stems: frozenset[str]) -> frozenset[str]:
    return stems.union(*(group for group in _ALIKE if group & stems))

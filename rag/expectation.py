"""Expectation: what kind of words an answer must hold: a number for "how many", a name for "who", a day for "when".

Whether a sentence holds them is told by `rag.holding`."""

from __future__ import annotations

import re
from enum import StrEnum

from .words import STOP_WORDS


class Expectation(StrEnum):
    NUMBER = "number"
    MONEY = "money"
    PERSON = "person"
    IDENTITY = "identity"
    DATE = "date"
    PLACE = "place"
    REASON = "reason"
    QUOTE = "quote"
    ANYTHING = "anything"


_SAYING = "say|said|says|think|tell|told|call|promise|argue|warn|claim|describe|comment|reply|react|respond|put it"
_COSTING = (
    "cost|pay|paid|spen[dt]|invest|worth|raise|earn|price|fine|budget|damage|bill|owe|offer|fund|grant|loan|lose|lost|"
    "charge|sell|sold|buy|bought|insured"
)
_SUM = r"(?:cost|price|budget|bill|fine|fee|fare|salary|sum|amount|loss|profit|offer|bid)s?"
_COUNTED = (
    "number|score|result|percentage|margin|majority|lead|age|count|toll|rate|turnout|record|size|speed|height|depth|length"
)
_IS = r"(?:'s|’s| is| was| are| were| will be| would be| has been)"
_PATTERNS = (
    (Expectation.QUOTE, rf"\b(?:what|how) (?:did|does|do|has|have|had) .{{2,80}}? (?:{_SAYING})"),
    (Expectation.MONEY, r"\bhow much money\b|\b(?:insured|sold|bought|valued) (?:for|at)\s*\?|\bworth\s*\?"),
    (Expectation.MONEY, rf"\bhow much (?:did|does|do|will|would|has|is|was|were|are)\b.{{0,200}}\b(?:{_COSTING})"),
    (Expectation.MONEY, rf"\bwhat (?:do|does|did|will|would) .{{2,200}}\bcost\b|\bwhat{_IS} .{{2,80}}\b(?:cost|worth)\b"),
    (Expectation.MONEY, rf"\b(?:what|which){_IS} the (?:[\w’'-]{{1,40}} ){{0,4}}{_SUM}\b"),
    (Expectation.NUMBER, r"\bhow (?:many|much|old|long|far|high|large|big|fast|deep|tall|often|heavy)\b|\bby how\b"),
    (
        Expectation.NUMBER,
        rf"\bwhat (?:share|proportion|percentage|number)|\bwhat{_IS} the (?:[\w’'-]{{1,40}} ){{0,4}}(?:{_COUNTED})\b",
    ),
    (Expectation.IDENTITY, r"^\s*who(?:'s|’s| is| was| are| were)(?-i:(?: [A-Z][\w’'-]{1,40}\.?){1,10})[\s?]*$"),
    (
        Expectation.PERSON,
        r"\bwho(?:m|se)?\b|\bwhich (?:person|man|woman|minister|politician|candidate|player|judge|official|scientist)"
        rf"|\bwhat{_IS} the (?:[\w’'-]{{1,40}} ){{0,3}}name of the (?:person|man|woman|employee|minister|judge|player)",
    ),
    (Expectation.DATE, r"\bwhen\b|\b(?:what|which) (?:day|date|year|month|time)\b|\bsince when\b"),
    (
        Expectation.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|village|street|harbou?r|region)\b",
    ),
    (
        Expectation.REASON,
        r"\bwhy\b|\bhow come\b|\b(?:for what|what (?:is|was|were)[^?]{1,60}) reasons?\b|\bon what grounds\b"
        r"|\bwhat (?:caused|led to|made|is the reason|was the reason|were the reasons)\b",
    ),
)
_ASKS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _PATTERNS)

_NAME = re.compile(
    r"\b[A-Z][\w’'-]{1,40}+(?![\w’'-])(?:\s{1,3}(?:(?:of|de|von|van|der|la|al)\s{1,3})?[A-Z][\w’'-]{1,40}+(?![\w’'-])){0,9}"
)


def expected(question: str) -> Expectation:
    """What the wording of a question asks for; ANYTHING where it does not tell."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), Expectation.ANYTHING)


def names(text: str) -> list[str]:
    """Runs of capitalised words; a lone word at the start of a sentence counts only if it is no stop word."""
    found = []
    for match in _NAME.finditer(text):
        words = match[0].split()
        while words and words[0].lower() in STOP_WORDS | {"mr", "mrs", "ms", "dr", "did", "on", "according", "since"}:
            words = words[1:]
        if words:
            found.append(" ".join(words))
    return found

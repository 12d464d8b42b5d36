"""Expectation: what kind of words an answer must hold: a number for "how many", a name for "who", a day for "when"."""

from __future__ import annotations

import re
from enum import StrEnum

from .words import STOP_WORDS, terms, tokens


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


_SAYING = "say|said|says|think|tell|told|call|promise|argue|warn|claim"
_COSTING = (
    "cost|pay|paid|spen[dt]|invest|worth|raise|earn|price|fine|budget|damage|bill|owe|offer|fund|grant|loan|lose|lost|"
    "charge|sell|sold|buy|bought"
)
_COUNTED = "number|score|result|percentage|margin|age|count|toll|rate|turnout|record"
_PATTERNS = (
    (Expectation.QUOTE, rf"\bwhat (?:did|does|do|has|have|had) .{{2,80}}? (?:{_SAYING})"),
    (
        Expectation.MONEY,
        rf"\bhow much (?:money|did|does|do|will|would|has|is|was|were|are)\b.{{0,200}}\b(?:{_COSTING})",
    ),
    (
        Expectation.MONEY,
        r"\b(?:what|which) (?:is|was|were|will be|would be) the (?:\w{1,40} ){0,3}(?:cost|price|budget|bill|fine|fee|salary)\b",
    ),
    (Expectation.NUMBER, r"\bhow (?:many|much|old|long|far|high|large|big|fast|deep|tall|often|heavy)\b|\bby how\b"),
    (
        Expectation.NUMBER,
        rf"\bwhat (?:share|proportion|percentage|number)|\bwhat (?:is|was|were) the (?:\w{{1,40}} ){{0,4}}(?:{_COUNTED})\b",
    ),
    (Expectation.IDENTITY, r"^\s*who(?:'s|’s| is| was| are| were)(?-i:(?: [A-Z][\w’'-]{1,40}\.?){1,10})[\s?]*$"),
    (
        Expectation.PERSON,
        r"\bwho(?:m|se)?\b|\bwhich (?:person|man|woman|minister|politician|candidate|player|judge|official|scientist)",
    ),
    (Expectation.DATE, r"\bwhen\b|\b(?:what|which) (?:day|date|year|month|time)\b|\bsince when\b"),
    (
        Expectation.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|town|country|place|village|street|harbou?r|region)\b",
    ),
    (
        Expectation.REASON,
        r"\bwhy\b|\bfor what reason\b|\bwhat (?:caused|led to|is the reason|was the reason|were the reasons)\b",
    ),
)
_ASKS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for kind, pattern in _PATTERNS)

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half dozen dozens "
    "hundreds thousands third quarter double twice none both"
).split()
_NUMBER = re.compile(r"\d|\b(?:" + "|".join(_NUMBER_WORDS) + r")\b", re.IGNORECASE)
_CURRENCY = r"(?:dollars?|euros?|pounds?|crowns?|kron\w+|francs?|yen|USD|EUR|GBP)"
_MONEY = re.compile(
    rf"[$€£¥]\s?\d|\d[\d.,]{{0,20}}\s{{0,2}}(?:m|bn|million|billion|thousand)?\s{{0,2}}{_CURRENCY}\b"
    rf"|\b\w{{1,40}} (?:million|billion|thousand|hundred)? ?{_CURRENCY}\b",
    re.IGNORECASE,
)
_MEASURES = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for asked, given in (
        (
            r"\bhow old\b|\bage of\b",
            r"\b\d{1,3}-year-old\b|\baged? (?:of )?\d|\b[A-Z][\w’'-]{1,40}, \d{1,3},|\byears old\b",
        ),
        (r"\bhow long\b", r"\b(?:second|minute|hour|day|night|week|month|year|decade|kilomet|met(?:re|er)|mile)s?\b"),
        (
            r"\bhow (?:far|deep|high|tall)\b",
            r"\b(?:kilomet|centimet|millimet|met)(?:re|er)s?\b|\bmiles?\b|\bfeet\b|\bkm\b",
        ),
        (
            r"\bshare\b|\bpercentage\b|\bproportion\b|\bturnout\b|\brate\b",
            r"%|\bper ?cent\b|\bin (?:two|three|four|five|ten)\b",
        ),
    )
)
_DAY_WORDS = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\b|\b(?:19|20)\d\d\b|\b(?:[Tt]omorrow|[Yy]esterday|[Tt]oday|[Tt]onight)\b|"
    r"\b(?:last|next|this) (?:week|month|year|spring|summer|autumn|winter|night)\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b|\bcentury\b"
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|as a result|result of|caused|blam\w{1,10}|in order to|so that|after|following|since|"
    r"reason\w{0,10}|over|amid|to avoid|to prevent|citing|led to|therefore|for fear|which meant|meant that)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"[“”\"«»]|\b(?:said|says|say|told|added|argued|warned|promised|called|insisted|noted|stressed|claimed|wrote|denied|"
    r"described|announced|asked|replied|urged|emphasi[sz]ed|drew attention|believes?|thinks?)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|outside|off|behind|beside|under|above|across|between)\s{1,3}(?:the\s{1,3})?(?:\w{1,40}\s{1,3}){0,2}[A-Z]"
)
_ROLE_BEFORE = re.compile(
    r"(?:er|or|chief|head|chair\w{0,10}|president|captain|coach|professor|secretary)\s{1,3}(?:[A-Z][\w’'-]{1,40}\s{1,3}){0,3}$"
)
_ROLE_AFTER = re.compile(
    r"^[\w’' -]{0,120},\s{1,3}(?:the|a|an|who|\d{1,9})\b|^[\w’' -]{0,120}\s(?:is|was)\s{1,3}(?:the|a|an)\b"
)
_NAME = re.compile(
    r"\b[A-Z][\w’'-]{1,40}+(?![\w’'-])(?:\s{1,3}(?:(?:of|de|von|van|der|la|al)\s{1,3})?[A-Z][\w’'-]{1,40}+(?![\w’'-])){0,9}"
)


def expected(question: str) -> Expectation:
    """What the wording of a question asks for; ANYTHING where it does not tell."""
    return next((kind for kind, pattern in _ASKS if pattern.search(question)), Expectation.ANYTHING)


def fit(kind: Expectation, sentence: str, question: str) -> float:
    """How well a sentence holds words of the expected kind that the question did not give itself, from 0 to 1."""
    match kind:
        case Expectation.NUMBER:
            return _number_fit(sentence, question)
        case Expectation.MONEY:
            return float(bool(_MONEY.search(sentence)))
        case Expectation.PERSON:
            return float(_names_somebody_else(sentence, question))
        case Expectation.IDENTITY:
            return float(_is_introduced(sentence, question))
        case Expectation.DATE:
            return float(bool(_DAY_WORDS.search(sentence)))
        case Expectation.PLACE:
            return float(bool(_PLACE.search(sentence)))
        case Expectation.REASON:
            return float(bool(_REASON.search(sentence)))
        case Expectation.QUOTE:
            return float(bool(_QUOTE.search(sentence)))
    return 1.0


def _number_fit(sentence: str, question: str) -> float:
    """1 for a number of what is asked for ("how many jobs" and "120 jobs"), half for any other number."""
    if not any(_NUMBER.search(word) for word in _fresh(sentence, question)):
        return 0.0
    for asked, given in _MEASURES:
        if asked.search(question):
            return 1.0 if given.search(sentence) else 0.5
    counted = re.search(
        r"\bhow many\s{1,3}(?:of the |more |other |new )?((?:[\w’'-]{1,40}\s{1,3}){0,2}[\w’'-]{1,40})",
        question,
        re.IGNORECASE,
    )
    if not counted:
        return 1.0
    return 1.0 if set(terms(counted[1])) & set(terms(sentence)) else 0.5


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


def _names_somebody_else(sentence: str, question: str) -> bool:
    """ "Who won?" is answered by a name that the question does not hold."""
    return any(set(tokens(name)) - set(tokens(question)) for name in names(sentence))


def _is_introduced(sentence: str, question: str) -> bool:
    """ "Who is X?" is answered where X stands with an office or an explanation: "Defense Minister X", "X, the mayor,"."""
    for name in names(question):
        place = sentence.find(name.split()[-1])
        if place >= 0 and (_ROLE_BEFORE.search(sentence[:place]) or _ROLE_AFTER.search(sentence[place:])):
            return True
    return False


def _fresh(sentence: str, question: str) -> list[str]:
    asked = set(tokens(question))
    return [token for token in tokens(sentence) if token not in asked]

"""Holding: whether a sentence holds words of the kind that a question expects, and that it did not give itself."""

from __future__ import annotations

import re

from .expectation import Expectation, names
from .persons import persons_in
from .words import terms, tokens

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
_AGE = r"\b\d{1,3}-year-old\b|\baged? (?:of )?\d|\b[A-Z][\w’'-]{1,40}, \d{1,3}\b|\byears old\b"
_MEASURES = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for asked, given in (
        (r"\bhow old\b|\bage of\b", _AGE),
        (r"\bhow long\b", r"\b(?:second|minute|hour|day|night|week|month|year|decade|kilomet|met(?:re|er)|mile)s?\b"),
        (
            r"\bhow (?:far|deep|high|tall)\b",
            r"\b(?:kilomet|centimet|millimet|met)(?:re|er)s?\b|\bmiles?\b|\bfeet\b|\bkm\b",
        ),
        (r"\bhow (?:fast|quick)", r"\bkilomet(?:re|er)s\b|\bkm\b|\bmph\b|\bknots?\b|\bmiles\b|\b(?:an|per) hour\b"),
        (r"\bhow heavy\b", r"\b(?:tonnes?|tons?|kilos?|kilograms?|grams?|pounds?|kg)\b"),
        (
            r"\bshare\b|\bpercentage\b|\bproportion\b|\bturnout\b|\b(?:pass|inflation|interest|base|tax|success) rate\b",
            r"%|\bper ?cent\b|\bin (?:two|three|four|five|ten)\b",
        ),
        (r"\b(?:score|result) (?:of|in|when|against|between)\b", r"\b\d{1,3}\s?[-–:]\s?\d{1,3}\b"),
    )
)
_COUNTED = re.compile(
    r"\bhow many\s{1,3}(?:of the |more |other |new |different )?((?:[\w’'-]{1,40}\s{1,3}){0,2}[\w’'-]{1,40})",
    re.IGNORECASE,
)
_NEAR_NUMBER = 5  # words between a number and what it counts
_DAY_WORDS = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\b|\b(?:19|20)\d\d\b|\b(?:[Tt]omorrow|[Yy]esterday|[Tt]oday|[Tt]onight)\b|"
    r"\b(?:last|next|this) (?:week|month|year|spring|summer|autumn|winter|night)\b|\b\d{1,2}(?::\d\d)? ?[ap]\.?m\b|\bcentury\b"
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|as a result|result of|caused|blam\w{1,10}|in order to|so that|after|following|since|"
    r"reason\w{0,10}|over|amid|to avoid|to prevent|to protect|citing|led to|therefore|for fear|which meant|meant that|"
    r"found that|could not|would not|wants? to)\b",
    re.IGNORECASE,
)
_QUOTE = re.compile(
    r"[“”\"«»]|\b(?:said|says|say|told|added|argued|warned|promised|called|insisted|noted|stressed|claimed|wrote|denied|"
    r"described|announced|asked|replied|urged|emphasi[sz]ed|drew attention|believes?|thinks?)\b",
    re.IGNORECASE,
)
_NAMED_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|outside|off|behind|beside|under|above|across|between|through)\s{1,3}(?:the\s{1,3})?(?:\w{1,40}\s{1,3}){0,2}"
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May\b|June|July|August|September|October|November|"
    r"December|Easter|Christmas)[A-Z]"
)
_SOME_PLACE = re.compile(
    r"\b(?:behind|beside|outside|inside|near|opposite|under|above|below|off|across|between|along|beyond)\s{1,3}(?:the|a|an|his|her|their)\s"
    r"|\b(?:in|at|to|from|into|on)\s{1,3}(?:the|a|an|his|her|their)\s{1,3}(?!first|last|end|time|day|week|month|year|evening|morning)[a-z]"
)
_ROLE_BEFORE = re.compile(
    r"(?:er|or|chief|head|chair\w{0,10}|president|captain|coach|professor|secretary)\s{1,3}(?:[A-Z][\w’'-]{1,40}\s{1,3}){0,3}$"
)
_ROLE_AFTER = re.compile(
    r"^[\w’' -]{0,120},\s{1,3}(?:the|a|an|who|\d{1,9})\b|^[\w’' -]{0,120}\s(?:is|was)\s{1,3}(?:the|a|an)\b"
)
# The share of a full fit for what comes close: another number, a name that need not be a person's, no word of a reason.
_CLOSE = 0.5


def fit(kind: Expectation, sentence: str, question: str, body: str = "") -> float:
    """How well a sentence holds words of the expected kind that the question did not give itself, from 0 to 1; ``body`` is
    the article's, which tells who is a person."""
    match kind:
        case Expectation.NUMBER:
            return _number_fit(sentence, question)
        case Expectation.MONEY:
            return float(bool(_MONEY.search(sentence)))
        case Expectation.PERSON:
            return _person_fit(sentence, question, body)
        case Expectation.IDENTITY:
            return float(_is_introduced(sentence, question))
        case Expectation.DATE:
            return float(bool(_DAY_WORDS.search(sentence)))
        case Expectation.PLACE:
            return 1.0 if _NAMED_PLACE.search(sentence) else _CLOSE * bool(_SOME_PLACE.search(sentence))
        case Expectation.REASON:
            return 1.0 if _REASON.search(sentence) else _CLOSE
        case Expectation.QUOTE:
            return float(bool(_QUOTE.search(sentence)))
    return 1.0


def _number_fit(sentence: str, question: str) -> float:
    """1 for a number of what is asked for ("how many jobs" and "120 jobs"), less for any other number."""
    if not any(_NUMBER.search(word) for word in _fresh(sentence, question)):
        return 0.0
    if measure := asked_measure(question):
        return 1.0 if measure.search(sentence) else _CLOSE
    counted = counted_noun(question)
    return _counted_fit(sentence, counted) if counted else 1.0


def asked_measure(question: str) -> re.Pattern[str] | None:
    """What an age, a length, a share … is written like, where the question asks for one."""
    return next((given for asked, given in _MEASURES if asked.search(question)), None)


def counted_noun(question: str) -> set[str]:
    """The terms of what is counted: "home" of "how many homes were"."""
    counted = _COUNTED.search(question)
    return set(terms(counted[1])) if counted else set()


def _counted_fit(sentence: str, counted: set[str]) -> float:
    """1 where what is counted stands by a number, in between where it stands elsewhere in the sentence."""
    words = tokens(sentence)
    stems = [set(terms(word)) for word in words]
    places = [n for n, held in enumerate(stems) if held & counted]
    numbers = [n for n, word in enumerate(words) if _NUMBER.search(word)]
    if any(abs(place - number) <= _NEAR_NUMBER for place in places for number in numbers):
        return 1.0
    return (1 + _CLOSE) / 2 if places else _CLOSE


def _person_fit(sentence: str, question: str, body: str) -> float:
    """ "Who won?" is answered by a person whom the question does not name; half by any other name that it does not."""
    asked = set(tokens(question))
    if any(not set(tokens(name.split()[-1])) & asked for name in persons_named(sentence, body)):
        return 1.0
    return _CLOSE * any(set(tokens(name)) - asked for name in names(sentence))


def persons_named(sentence: str, body: str) -> list[str]:
    """The persons of an article whom a sentence names, each by the name that stands there: "Amara Holt", or "Holt"."""
    found = []
    for name in sorted(persons_in(body)):
        surname = name.split()[-1]
        if re.search(rf"(?<!\w){re.escape(surname)}(?!\w)", sentence):
            found.append(name if name in sentence else surname)
    return list(dict.fromkeys(found))


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

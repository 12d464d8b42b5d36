"""Faults that a model makes of honest sentences, planted by rule: each makes the sentence false, or its source another one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from rag.article import Article
from rag.persons import persons_in
from rag.speaker import speaker_at

from .honest import MONTHS, WEEKDAYS, blanked

_MONTH, _WEEKDAY = "|".join(MONTHS), "|".join(WEEKDAYS)
_FOREIGN = ("Carla Winters", "Hugo Bellamy", "Tamsin Rook", "Oskar Nyland", "Priya Raman", "Dov Lasker")
_INVENTED = ("We never saw it coming at all", "Somebody has to pay for this", "I have slept badly ever since")
_PERSON = re.compile(r"\b[A-ZÁÉ][\w’-]+ [A-ZÁÉ][\w’ñ-]+\b")
_NO_PERSON = frozenset(
    "Bay Works Bank Hospital University Orchestra Shipping Lines Union Cielo Brannoc Born Here Transit League Agency "
    "Ministry Minister Council Court Cordage Voss Ledger Standard Courier Weekly Post Wire Securities Systems Mutual "
    "Association House Street School Museum Valley Sound Party Festival Hall".split()
)
_AUXILIARY = re.compile(r"\b(?:will|would|was|were|is|are|has|had|have|could|can|may)\b(?! not)")
_TURNED = tuple(
    pair.split("/")
    for pair in "rose/fell fallen/risen fell/rose dropped/rose opened/closed closed/opened more/less fewer/more won/lost "
    "lost/won against/for growing/shrinking cleared/convicted higher/lower lower/higher above/below before/after "
    "rejected/approved approved/rejected increased/decreased up/down".split()
)  # fmt: skip
Change = Callable[[str, Article, random.Random], str]


def other_number(text: str, article: Article, draw: random.Random) -> str:
    """One figure of a number, to a number that the article does not hold."""
    numbers = [match for match in re.finditer(r"\d+(?:[.,]\d+)*", text) if not _is_of_a_date(text, match)]
    if not numbers:
        return ""
    match = draw.choice(numbers)
    for _ in range(20):
        digit = draw.choice([n for n in range(*match.span()) if text[n].isdigit()])
        changed = text[:digit] + draw.choice("123456789") + text[digit + 1 :]
        if not re.search(rf"(?<!\d){re.escape(changed[match.start() : match.end()])}(?!\d)", article.body):
            return changed
    return ""


def number_from_elsewhere(text: str, article: Article, draw: random.Random) -> str:
    """A number of the sentence by another one of the article that is written alike and does not stand in the sentence."""
    numbers = [match for match in re.finditer(r"\d+(?:[.,]\d+)*", text) if not _is_of_a_date(text, match)]
    if not numbers:
        return ""
    match = draw.choice(numbers)
    held = {found[0] for found in re.finditer(r"\d+(?:[.,]\d+)*", article.body) if not _is_of_a_date(article.body, found)}
    alike = sorted(one for one in held if len(one) == len(match[0]) and one not in text)
    return text[: match.start()] + draw.choice(alike) + text[match.end() :] if alike else ""


def other_person(text: str, article: Article, draw: random.Random) -> str:
    """A person by another one of the same article."""
    people = _people(text, article)
    others = sorted(name for name in persons_in(article.body) if name.split()[-1] not in text)
    if not people or not others:
        return ""
    match = draw.choice(people)
    return text[: match.start()] + draw.choice(others) + text[match.end() :]


def foreign_name(text: str, article: Article, draw: random.Random) -> str:
    """A person of the article by the name of one who is not in it."""
    people = _people(text, article)
    if not people:
        return ""
    match = draw.choice(people)
    return text[: match.start()] + draw.choice(_FOREIGN) + text[match.end() :]


def other_speaker(text: str, article: Article, draw: random.Random) -> str:
    """The words of one person of the article given to another one who speaks in it."""
    said = re.search(rf"({_PERSON.pattern}) said|said ({_PERSON.pattern})|According to ({_PERSON.pattern})", text)
    who = next(filter(None, said.groups()), "") if said else ""
    others = [name for name in _speakers(article.body) if name.split()[-1] not in text and " " in name]
    return text.replace(who, draw.choice(others), 1) if who and others else ""


def other_weekday(text: str, article: Article, draw: random.Random) -> str:
    day = re.search(rf"\b(?:{_WEEKDAY})\b", text)
    free = [name for name in WEEKDAYS if name not in article.body]
    return text.replace(day[0], draw.choice(free), 1) if day and free else ""


def other_month(text: str, article: Article, draw: random.Random) -> str:
    month = re.search(rf"\b(?:{_MONTH})\b", text)
    free = [name for name in MONTHS if name not in article.body and name != MONTHS[_month_of(article)]]
    return text.replace(month[0], draw.choice(free), 1) if month and free else ""


def other_day(text: str, article: Article, draw: random.Random) -> str:
    """The day of a month."""
    found = re.search(rf"\b(\d{{1,2}}) (?:{_MONTH})\b", text) or re.search(rf"\b(?:{_MONTH}) (\d{{1,2}})\b", text)
    if not found:
        return ""
    free = [day for day in range(1, 29) if not re.search(rf"(?<!\d){day}(?!\d)", article.body + article.published)]
    return text[: found.start(1)] + str(draw.choice(free)) + text[found.end(1) :] if free else ""


def other_year(text: str, article: Article, draw: random.Random) -> str:
    """A year, half of the time to that of publication, which a sentence may name unasked."""
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    free = [str(year) for year in range(2003, 2030) if str(year) not in article.body]
    own = article.published[:4]
    others = [own] if own in free and draw.random() < 0.5 else [one for one in free if one != own]
    return text.replace(year[0], draw.choice(others), 1) if year and others else ""


def changed_quotation(text: str, article: Article, draw: random.Random) -> str:
    quoted = re.search(r"“([^”]+)”", text)
    if not quoted:
        return ""
    words = quoted[1].split()
    place = draw.randrange(len(words))
    other = draw.choice(("rarely", "gladly", "money", "always"))
    return text.replace(quoted[1], " ".join([*words[:place], other, *words[place + 1 :]]))


def invented_quotation(text: str, article: Article, draw: random.Random) -> str:
    speaker = re.search(rf"said (?:{_PERSON.pattern})|(?:{_PERSON.pattern}) said", text)
    return f"“{draw.choice(_INVENTED)},” {speaker[0]}." if speaker else ""


def denied(text: str, article: Article, draw: random.Random) -> str:
    """A "not" behind the first auxiliary verb outside quotation marks, also where the sentence has a "never" of its own."""
    verb = _AUXILIARY.search(blanked(text))
    return f"{text[: verb.end()]} not{text[verb.end() :]}" if verb else ""


def affirmed(text: str, article: Article, draw: random.Random) -> str:
    """Without its "not"."""
    plain = blanked(text)
    found = re.search(r"(?<=\w) not(?= \w)(?! only)|(?<=\bdid )not (?=\w)", plain)
    return text[: found.start()] + text[found.end() :] if found else ""


def turned_round(text: str, article: Article, draw: random.Random) -> str:
    plain = blanked(text)
    found = [(match, other) for one, other in _TURNED if (match := re.search(rf"\b{one}\b", plain))]
    if not found:
        return ""
    match, other = draw.choice(found)
    return text[: match.start()] + other + text[match.end() :]


CHANGES: dict[str, Change] = {
    "number changed": other_number,
    "number from elsewhere": number_from_elsewhere,
    "name swapped": foreign_name,
    "name from elsewhere": other_person,
    "speaker swapped": other_speaker,
    "weekday moved": other_weekday,
    "month moved": other_month,
    "day moved": other_day,
    "year moved": other_year,
    "quotation changed": changed_quotation,
    "quotation invented": invented_quotation,
    "not added": denied,
    "not left out": affirmed,
    "turned round": turned_round,
}


def _is_of_a_date(text: str, match: re.Match[str]) -> bool:
    year, behind = re.fullmatch(r"(?:19|20)\d\d", match[0]), re.match(rf"\s(?:{_MONTH})\b", text[match.end() :])
    return bool(year or behind or re.search(rf"(?:{_MONTH}) $", text[: match.start()]))


def _people(text: str, article: Article) -> list[re.Match[str]]:
    """Full names that the article knows, also at the start of a sentence."""
    return [
        match
        for match in _PERSON.finditer(text)
        if not set(match[0].split()) & _NO_PERSON and match[0] in article.body and match[0] not in article.publisher
    ]


def _speakers(body: str) -> list[str]:
    places = (match.start() for match in re.finditer(r"(?<=[.”\n] )\S|\n\S|^\S", body))
    found = dict.fromkeys(filter(None, (speaker_at(body, place) for place in places)))
    return [name for name in found if _PERSON.fullmatch(name) and not set(name.split()) & _NO_PERSON]


def _month_of(article: Article) -> int:
    return int(article.published[5:7] or 1) - 1

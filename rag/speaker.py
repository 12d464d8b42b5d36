"""Whose words a sentence reports: "said X", "X said", and what "she added" and an unattributed quotation carry on."""

from __future__ import annotations

import re
from functools import lru_cache

from .sentences import Span, paragraphs, sentences

_VERBS = (
    r"(?:said|says|told|adds|added|stressed|noted|argued|argues|warned|warns|insisted|promised|announced|explained|claimed|"
    r"wrote|writes|replied|asked|declared|urged|emphasi[sz]ed|underlined|admitted|conceded|recalled|joked|called|"
    r"denied|pointed|drew|highlighted|described|confirmed|predicted|remarked|suggested|continued)"
)
# At most eight words of at most 41 letters, taken as a whole: a body of capitals costs no more than one of prose.
_NAME_WORD = r"[A-Z][\w’'-]{1,40}+(?![\w’'-])"
_NAME = (
    r"(?<![\w’'-])(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Gov|Sen|Rep|St)\.\s+)?"
    rf"{_NAME_WORD}(?:\s+(?:(?:de|von|van|der|la|al|bin)\s+)?{_NAME_WORD}){{0,7}}+"
)
_PRONOUN = r"(?:he|she|they|He|She|They)"
_ADVERB = r"(?:\s+(?:also|then|later|earlier|further|again|on \w+day))?"
_NAMED = re.compile(
    rf"(?P<before>{_NAME})(?:,\s[^,“”\"]{{2,90}},|,)?{_ADVERB}\s+{_VERBS}\b"
    rf"|\b{_VERBS}\s+(?:(?:the|its|his|her|their|a|an)\s+[a-z][\w\s’'-]{{2,60}}?,?\s)?(?P<after>{_NAME})"
    rf"|\b[Aa]ccording to\s+(?:(?:the|its)\s+[a-z][\w\s-]{{2,40}}?\s)?(?P<source>{_NAME})"
)
_PRONOUN_SPEAKS = re.compile(rf"\b{_PRONOUN}{_ADVERB}\s+{_VERBS}\b|\b{_VERBS}\s+{_PRONOUN}\b")
_QUOTED = re.compile(r"“[^”]*”?|^[^“”]*”|\"[^\"]*\"")
_OPENS = re.compile(r"^\s*[“\"«]")
_TITLES = frozenset(
    "mr mrs ms dr sir prof professor minister president chancellor mayor governor judge captain chief officer director "
    "spokesman spokeswoman secretary chair chairman king queen prince princess pope senator inspector the foreign prime "
    "interior defense defence finance education health union fire county deputy on in at speaking european eu lawyer".split()
)
_NO_PERSON = frozenset(
    """he she they his her their monday tuesday wednesday thursday friday saturday sunday march april may june july it
    this that there we i you what but and""".split()
)
# A pronoun or an open quotation looks back so many paragraphs for its speaker, no further: better none than a wrong one.
_REACH = 3
_Spoken = tuple[Span, str, frozenset[str]]
_LONGEST_SENTENCE = 1_500  # characters; what is longer is no prose in which somebody speaks


def speaker_at(body: str, start: int) -> str:
    """Who speaks in the sentence at an offset of an article's body; an empty string where nobody or nobody certain does."""
    last, age = "", 0
    for spoken in _spoken(body):
        for position, (span, named, surnames) in enumerate(spoken):
            if span.start <= start < span.end:
                return named or _carried_on(body, spoken[position:], last)
            if named:
                last, age = named, 0
            elif len(span) > _LONGEST_SENTENCE or surnames - set(last.split()):
                last = ""  # "she" may be either of them now
        age += 1
        last = last if age <= _REACH else ""
    return ""


@lru_cache(maxsize=64)
def _spoken(body: str) -> list[list[_Spoken]]:
    """The sentences of each paragraph, with the speaker that a sentence names and all whom it mentions; read once."""
    return [[_read(body, span) for span in sentences(body, paragraph)] for paragraph in paragraphs(body)]


def _read(body: str, span: Span) -> _Spoken:
    if len(span) > _LONGEST_SENTENCE:
        return span, "", frozenset()
    outside = _QUOTED.sub(" ", span.of(body))
    return span, _named_speaker(outside, body), _surnames(outside, body)


def in_quotation(body: str, start: int) -> bool:
    """Whether the offset lies inside quotation marks that were opened earlier in the paragraph."""
    before = body[body.rfind("\n\n", 0, start) + 1 : start]
    if "“" in before or "”" in before:
        return before.rfind("“") > before.rfind("”")
    return before.count('"') % 2 == 1


def _carried_on(body: str, spoken: list[_Spoken], last: str) -> str:
    """A quotation belongs to whom its end names ("…,” said X"), or to who spoke before; "she added" likewise."""
    first = spoken[0][0]
    if len(first) > _LONGEST_SENTENCE:
        return ""
    if in_quotation(body, first.start) or _OPENS.match(first.of(body)):
        for span, named, _ in spoken:
            if named:
                return named
            if "”" in span.of(body) or _PRONOUN_SPEAKS.search(span.of(body)):
                break
        return last
    return last if _PRONOUN_SPEAKS.search(first.of(body)) else ""


def _named_speaker(outside: str, body: str) -> str:
    """The speaker named in a sentence's words outside its quotations."""
    for match in _NAMED.finditer(outside):
        name = _without_titles(match["before"] or match["after"] or match["source"])
        if name:
            return _full_name(name, body)
    return ""


def _surnames(outside: str, body: str) -> frozenset[str]:
    """Of everybody who is mentioned by the full name, or by a surname that the article knows."""
    found = filter(None, (_without_titles(match[0]) for match in re.finditer(_NAME, outside)))
    return frozenset(name.split()[-1] for name in found if " " in _full_name(name, body))


def _full_name(surname: str, body: str) -> str:
    """The first full name in the article that ends with this surname; the surname itself where there is none."""
    return surname if " " in surname else _full_names(body).get(surname, surname)


@lru_cache(maxsize=64)
def _full_names(body: str) -> dict[str, str]:
    found = (_without_titles(match[0]) for match in re.finditer(_NAME, body))
    return {name.split()[-1]: name for name in reversed([name for name in found if " " in name])}


def _without_titles(name: str) -> str:
    """ "Danish Defense Minister Troels Lund Poulsen" -> "Troels Lund Poulsen"; no person at all -> ""."""
    words = name.split()
    titles = [n for n, word in enumerate(words) if word.lower().strip(".") in _TITLES]
    words = words[titles[-1] + 1 :] if titles else words
    return "" if not words or words[-1].lower() in _NO_PERSON or words[0].lower() in _NO_PERSON else " ".join(words)

"""Which authors a text names: "by Ana Lind", "Ms Lind's report", "what Lind wrote". Whom the news is about is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from .words import STOP_WORDS

# By words of a name: the bylines of the archive in which they stand.
Bylines = Callable[[str], Collection[str]]

_TEXT = (
    r"(?:articles?|reports?|reporting|stor(?:y|ies)|pieces?|columns?|analys[ie]s|interviews?|essays?|reviews?|coverage|"
    r"opinions?|editorials?|comment(?:ary|aries)?|dispatch(?:es)?|profiles?|features?|portraits?|notebook|texts?|byline)"
)
_PRINTED = r"(?:written|reported|published|penned|authored|covered|filed|interviewed)"
_WROTE = r"(?:wrote|writes|reported|reports|penned|covered|covers)"
_ADVERB = r"(?:(?:also|first|originally|later|recently|once|actually|has|had|have)\s+){0,2}"
_SAID_IN = r"(?:\w+\s+){1,6}?(?:in|for)\s+(?:his|her|their)\s+(?:\w+\s+){0,2}"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lady|Lord)\.?\s+)?"
_ROLE = r"(?:(?:reporter|columnist|correspondent|writer|journalist|commentator|critic|author)\s+)"
# What stands before a name that writes, and what after it. Between "report" and "by" there may be what it is on.
_BEFORE = re.compile(
    rf"\b(?:{_TEXT}(?:\s+(?:in|on|about|of|from|for|at)(?:\s+[\w'’&-]+){{1,6}}?(?<!ed)(?<!en)(?<!built)(?<!made)(?<!won)(?<!led)(?<!run))?"
    rf"|{_PRINTED}|anything|something|more)\s+by\s+{_TITLE}$"
    rf"|\b{_ROLE}{_TITLE}$",
    re.IGNORECASE,
)
_DID = re.compile(rf"\b(?:did|does|do|has|have|had)\s+{_TITLE}$", re.IGNORECASE)
_AND_MORE = re.compile(r"(?:,|\s+and|,\s+and)\s+$")
_AFTER = re.compile(
    rf"['’]s?\s+(?:\w+\s+){{0,2}}?{_TEXT}\b|\s+{_ADVERB}{_WROTE}\b|\s+{_SAID_IN}{_TEXT}\b", re.IGNORECASE
)
_AFTER_DID = re.compile(
    rf"\s+{_ADVERB}(?:write|written|report|reported|cover|covered|publish|published)\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]\.|[^\W\d_]+(?:[-'’](?!s\b)[^\W\d_]+)*")
_SEPARATOR = re.compile(r"\s*(?:[,;/&|]|\band\b)\s*", re.IGNORECASE)
_NO_SURNAMES = frozenset(
    "agency staff press news team desk editors editorial reporter reporters service times post".split()
)
_LONGEST_NAME = 4  # words
_NEAR = 120  # characters before and after a name that are looked at


def authors_in(text: str, bylines: Bylines) -> tuple[str, ...]:
    """The bylines that a text names, as the archive spells them, in order.

    A full name counts in any case of letters; a surname alone where it is written with a capital and belongs to one
    person among the bylines that hold it; both only where they stand as the author of something.
    """
    plain, found, end = _plain(text), [], 0
    for start, ends in _candidates(plain):
        if start < end:
            continue
        continued = bool(found and _AND_MORE.fullmatch(plain[end:start]))
        credited = continued or bool(_BEFORE.search(plain[max(0, start - _NEAR) : start]))
        for last in ends:
            if named := (credited or _writes(plain, start, last)) and _named(plain, start, last, bylines):
                found, end = found + named, last
                break
    return tuple(dict.fromkeys(found))


def _candidates(text: str) -> Iterator[tuple[int, list[int]]]:
    """Where a name could begin, and where it could end, the longest first."""
    words = [match.span() for match in _WORD.finditer(text)]
    for n, (start, end) in enumerate(words):
        if text[start:end].casefold() in STOP_WORDS:
            continue
        ends = [end]
        for (_, before), (after, last) in zip(words[n:], words[n + 1 : n + _LONGEST_NAME], strict=False):
            if text[before:after].strip():
                break
            ends.append(last)
        yield start, ends[::-1]


def _writes(text: str, start: int, end: int) -> bool:
    after = text[end : end + _NEAR]
    return bool(_AFTER.match(after) or _AFTER_DID.match(after) and _DID.search(text[max(0, start - _NEAR) : start]))


def _named(text: str, start: int, end: int, bylines: Bylines) -> list[str]:
    """The bylines that a name means: its own in full, or those of the one person of this surname."""
    name = text[start:end]
    held = [(byline, person) for byline in bylines(name) for person in _people(byline)]
    if full := [byline for byline, person in held if _key(name) in _full_names(person)]:
        return full
    if not name[0].isupper() or _has_given_name(text, start) or _goes_on(text, end):
        return []
    by_surname = [(byline, person) for byline, person in held if _key(name) in _surnames(person)]
    one = len({_initial_and_surname(person) for _, person in by_surname}) == 1
    return [byline for byline, _ in by_surname] if one else []


def _has_given_name(text: str, start: int) -> bool:
    """Whether another name stands right before it: "Haskell Lind" is not Ana Lind."""
    before = re.search(r"([^\W\d_][\w.'’-]*)\s+$", text[:start])
    if not before or not before[1][0].isupper():
        return False
    called = re.fullmatch(f"{_ROLE}|{_TITLE}", before[1] + " ", re.IGNORECASE)
    return not called and before[1].casefold() not in STOP_WORDS


def _goes_on(text: str, end: int) -> bool:
    after = re.match(r"(?:-|\s+)([^\W\d_]+)", text[end:])
    return bool(after and after[1][0].isupper() and after[1].casefold() not in STOP_WORDS)


def _plain(text: str) -> str:
    """Without accents, case kept."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _people(byline: str) -> tuple[str, ...]:
    return tuple(filter(None, _SEPARATOR.split(_plain(byline))))


def _key(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())


def _full_names(person: str) -> set[str]:
    """With and without what is written as initials in the middle; a name of one word is no full name."""
    words = _key(person).split()
    short = [word for n, word in enumerate(words) if n in (0, len(words) - 1) or len(word.rstrip(".")) > 1]
    return {" ".join(words), " ".join(short)} if len(words) > 1 else set()


def _surnames(person: str) -> set[str]:
    """The last word and those with which it may go together (van der Fort)."""
    words = _key(person).split()
    if _NO_SURNAMES.intersection(words):
        return set()
    return {" ".join(words[n:]) for n in range(1 if len(words) > 1 else 0, len(words)) if len(words[n]) > 2}


def _initial_and_surname(person: str) -> tuple[str, str]:
    words = _key(person).split()
    return words[0], words[-1]

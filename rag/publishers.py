"""Which of the archive's publishers a text names, in any usual way: "The Verge", "verge", "CNBC", "Fox News"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_SECTION = re.compile(r"\s+[-–—|:]\s+.*$")
_DOMAIN = re.compile(r"\.(?:com|org|net|co\.uk|co|news|tv|example)(?:\.au)?$", re.IGNORECASE)
_CAPITAL = re.compile(r"[A-Z0-9]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A publisher as the archive spells it, and where a text names it (offsets in characters)."""

    publisher: str
    start: int
    end: int


def mentions(text: str, publishers: Iterable[str]) -> list[Mention]:
    """The publishers named in a text, in order; of names that overlap the longest wins, and all who share it."""
    words = {"", *_WORD.findall(text.casefold())}
    found = [
        Mention(publisher, match.start(), match.end())
        for publisher in publishers
        if not words.isdisjoint(_first_words(publisher))  # an archive may have thousands of them
        for match in _pattern(publisher).finditer(text)
        if _is_name(match[0])
    ]
    whole = [mention for mention in found if not any(_covers(other, mention) for other in found)]
    return sorted(whole, key=lambda mention: (mention.start, mention.publisher))


def _covers(longer: Mention, shorter: Mention) -> bool:
    within = longer.start <= shorter.start and shorter.end <= longer.end
    return within and longer.end - longer.start > shorter.end - shorter.start


def _is_name(words: str) -> bool:
    """A title of one everyday word ("Wired", "the age") is meant only where it is written as a name."""
    bare = words.removeprefix("the ").removeprefix("The ")
    return " " in bare or bool(_CAPITAL.match(bare))


@lru_cache(maxsize=100_000)
def _first_words(publisher: str) -> frozenset[str]:
    """The words, one of which a text must hold to name the publisher; "", which every text holds, for a name without."""
    found = (_WORD.search(name.casefold()) for name in _names(publisher))
    return frozenset(match[0] if match else "" for match in found)


@lru_cache(maxsize=4096)
def _pattern(publisher: str) -> re.Pattern[str]:
    names = sorted(_names(publisher), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE)


def _names(publisher: str) -> set[str]:
    """The full name, without its section, without the domain ending, each with and without its article."""
    short = _SECTION.sub("", publisher)
    names = {publisher, short, _DOMAIN.sub("", short)}
    bare = {name[4:] for name in names if name.lower().startswith("the ")}
    return {name for name in names | bare | {f"the {b}" for b in bare} if len(name) > 1} or {publisher}

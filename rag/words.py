"""The one analysis of words that search, quoting and checking share: folded, without stop words, stemmed.

Numbers lose their thousands separators, British and American spellings meet, accents are dropped.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|\d*[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

# The short words of Snowball's English list, and what a question is made of.
STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing done down during each few for from further had has have having he her here
    hers herself him himself his how i if in into is it its itself just like me more most much many my no nor not now of
    off on once only or other our ours out over own per said same say says saying she should so some such than that the
    their theirs them themselves then there these they this those through to too under until up upon us very was we
    were what when where which while who whom whose why will with would you your yours tell anything article articles
    report reports reported according news please don't didn't doesn't isn't wasn't""".split()
)

_SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})ence$"), "ense"),
    (re.compile(r"(?<=[a-z]{3})our(?=s|ed|ing|ite|able|$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=e|ed|es|ing|ation|ations|er|ers$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})tre(?=s?$)"), "ter"),
    (re.compile(r"gramme(?=s?$)"), "gram"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=ed|ing|er|ers$)"), "l"),
)
_STEMMERS = threading.local()


def tokens(text: str) -> list[str]:
    """The words and numbers of a text as they stand, lower case, possessives cut."""
    folded = _THOUSANDS.sub("", _folded(text))
    found = _TOKEN.findall(folded)
    return [_POSSESSIVE.sub("", token) for token in found] if "'" in folded else found


def terms(text: str) -> list[str]:
    """The search terms of a text, in order: stemmed tokens without stop words."""
    return [stem(token) for token in tokens(text) if token not in STOP_WORDS]


@lru_cache(maxsize=200_000)
def stem(token: str) -> str:
    """One token's stem; spelling variants of one word share it (defence, defense)."""
    for pattern, replacement in _SPELLINGS:
        token = pattern.sub(replacement, token)
    return _stemmer().stemWord(token)


def _folded(text: str) -> str:
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _stemmer() -> Stemmer.Stemmer:
    # A PyStemmer object must not be shared between threads (its README).
    if not hasattr(_STEMMERS, "english"):
        _STEMMERS.english = Stemmer.Stemmer("english")
    return _STEMMERS.english

"""Words between quotation marks that do not stand in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..quotation import quotations
from ..words import tokens

_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")  # of a quotation: "we … go", "[the mayor] knew"
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_STAND_INS = frozenset("he she it they we him her them us his its their our sic".split())


def wrong_quotations(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    evidence = [text for citation in citations for text in (citation.passage.text, citation.article.headline)]
    for quotation in (span.of(text) for span in quotations(text)):
        if not is_quoted(quotation, evidence):
            yield f"“{quotation[:60]}” is not quoted word for word"


def is_quoted(quotation: str, evidence: Sequence[str]) -> bool:
    """Whether it stands word for word in one paragraph of one of these texts.

    "…" may leave words out of it, in their order, and a name or a pronoun in square brackets stand for others.
    """
    if not all(map(_explains, _BRACKETS.findall(quotation))):
        return False
    parts = [words for part in _LEFT_OUT.split(quotation) if (words := tokens(part))]
    held = (tokens(paragraph) for text in evidence for paragraph in text.split("\n\n"))
    return any(_in_order(parts, words) for words in held)


def _explains(inside: str) -> bool:
    """Whether it is what an editor puts there: a name, a pronoun, "the mayor", "sic"; no word that changes what was said."""
    words = re.findall(r"[\w’'-]+", inside)
    named = all(word[0].isupper() or word.lower() in _STAND_INS for word in words)
    return named or (len(words) <= 4 and words[0].lower() in ("the", "a", "an", "this", "that"))


def _in_order(parts: list[list[str]], held: list[str]) -> bool:
    start = 0
    for part in parts:
        places = range(start, len(held) - len(part) + 1)
        place = next((n for n in places if held[n : n + len(part)] == part), None)
        if place is None:
            return False
        start = place + len(part)
    return True

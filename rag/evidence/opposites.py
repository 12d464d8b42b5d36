"""Opposites: a word of one side in the sentence and only the other side in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from ..citation import Citation
from ..expectation import names
from ..opposites import OPPOSITES, SWAPPED
from ..words import stem, tokens
from .denial import denied_words, shared_terms

# Small words that turn a sentence round before the same word: "voted for the closure", "voted against the closure".
_TURNING = ("for/against", "before/after", "above/below", "with/without", "over/under", "first/last")
_ENDS = re.compile(r"\b(?:lift|lifted|end|ended|ending|eased?|scrap|scrapped|dropped|revers\w+|overturn\w*) ((?:\w+ ){1,3}\w+)")
_SHARED = 0.5  # of the terms of the shorter: then the cited sentence is the one that it retells


def opposites(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    retold = " ".join(c.quote for c in citations if shared_terms(text, c.quote) >= _SHARED)
    pairs = OPPOSITES + (() if _is_told_from_the_other_side(text, retold) else SWAPPED)
    yield from _turned(text, retold, pairs)
    yield from _turned_before_a_word(text, retold)


def _is_told_from_the_other_side(text: str, retold: str) -> bool:
    """ "Orle beat Ferrow" of "Ferrow lost to Orle": two names of both, in another order."""
    own, held = ([token for name in names(one) for token in tokens(name)] for one in (text, retold))
    both = [token for token in own if token in held]
    return len(set(both)) > 1 and both != [token for token in held if token in own]


def _turned(text: str, evidence: str, pairs: Sequence[Sequence[frozenset[str]]]) -> Iterator[str]:
    """What a "not" or an end is put to ("lifted the ban") is passed over: both sides say the same then."""
    undone = denied_words(text) | denied_words(evidence) | _ended(evidence) | _ended(text)
    own, held = ({stem(token) for token in tokens(one)} for one in (text, evidence))
    for side, other in (*pairs, *((b, a) for a, b in pairs)):
        found = (held & other) - undone
        if own & side - undone and not own & other and found and not held & side:
            yield f"the source says “{_word_of(evidence, found)}”"


def _ended(text: str) -> set[str]:
    """The stems of what is lifted, ended or scrapped."""
    return {stem(token) for match in _ENDS.finditer(text) for token in tokens(match[1])}


def _turned_before_a_word(text: str, evidence: str) -> Iterator[str]:
    for pair in _TURNING:
        for one, other in (pair.split("/"), reversed(pair.split("/"))):
            said, held, plain = _behind(one, text), _behind(other, evidence), _behind(one, evidence)
            if (said & held) - plain:
                yield f"the source says “{other}”"


def _behind(word: str, text: str) -> set[str]:
    """The words that stand behind a small word, an article between them aside."""
    return set(re.findall(rf"\b{word} (?:the |a |an |its |his |her |their )?(\w+)", text.lower()))


def _word_of(passages: str, stems: Set[str]) -> str:
    return next(token for token in tokens(passages) if stem(token) in stems)

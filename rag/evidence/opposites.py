"""Opposites: a word of one side in the sentence and only the other side in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..opposites import OPPOSITES
from ..words import stem, terms, tokens

# Small words that turn a sentence round before the same word: "voted for the closure", "voted against the closure".
_TURNING = ("for/against", "before/after", "above/below", "with/without", "over/under", "first/last")
_SHARED = 0.6  # of the terms of the sentence: then the cited sentence is the one that it retells


def opposites(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    retold = [c.quote for c in citations if _shared(text, c.quote) >= _SHARED]
    for evidence in filter(None, (passages, " ".join(retold))):
        yield from _turned(text, evidence)
    yield from _turned_before_a_word(text, " ".join(retold))


def _turned(text: str, evidence: str) -> Iterator[str]:
    own, held = set(map(stem, tokens(text))), set(map(stem, tokens(evidence)))
    for side, other in (*OPPOSITES, *((b, a) for a, b in OPPOSITES)):
        if own & side and not own & other and held & other and not held & side:
            yield f"the source says “{_word_of(evidence, other)}”"


def _turned_before_a_word(text: str, evidence: str) -> Iterator[str]:
    for pair in _TURNING:
        for one, other in (pair.split("/"), reversed(pair.split("/"))):
            said, held, plain = _behind(one, text), _behind(other, evidence), _behind(one, evidence)
            if (said & held) - plain:
                yield f"the source says “{other}”"


def _behind(word: str, text: str) -> set[str]:
    """The words that stand behind a small word, an article between them aside."""
    return set(re.findall(rf"\b{word} (?:the |a |an |its |his |her |their )?(\w+)", text.lower()))


def _shared(text: str, quote: str) -> float:
    wanted = set(terms(text))
    return len(wanted & set(terms(quote))) / max(1, len(wanted))


def _word_of(passages: str, stems: frozenset[str]) -> str:
    return next(token for token in tokens(passages) if stem(token) in stems)

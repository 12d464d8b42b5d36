"""Opposites: a word of one side in the sentence and only the other side in the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..words import stem, tokens

_OPPOSITES = [
    tuple(frozenset(map(stem, side.split())) for side in pair.split("/"))
    for pair in (
        "rise rose risen increase grow grew climb up/fall fell fallen decrease drop decline shrink sink down",
        "win won victory beat/lose lost defeat", "approve accept back pass/reject refuse oppose block",
        "open reopen/close shut", "more higher larger above/fewer less lower smaller below", "begin start/end stop finish",
        "buy bought/sell sold", "allow permit legal/ban forbid prohibit illegal", "confirm admit/deny denied",
        "before/after", "guilty convict/innocent acquit", "arrive/leave left depart", "hire/fire dismiss",
        "north northern/south southern", "east eastern/west western", "early earlier/late later delay",
    )
]  # fmt: skip


def opposites(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    own, held = set(map(stem, tokens(text))), set(map(stem, tokens(passages)))
    for side, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)):
        if own & side and not own & other and held & other and not held & side:
            yield f"the source says “{_word_of(passages, other)}”"


def _word_of(passages: str, stems: frozenset[str]) -> str:
    return next(token for token in tokens(passages) if stem(token) in stems)

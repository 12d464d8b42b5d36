"""Which words a text puts in quotation marks, of every usual kind: “ ”, " ", ‘ ’, ' ', « », „ “, » «, ‹ ›."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .publishers import mentions
from .sentences import Span
from .words import tokens

_SHORTEST, _LONGEST = 3, 200  # characters
# By opening mark what closes. Of the marks that are apostrophes as well the first stands before a word, where none is
# before it, and the last after one.
_CLOSED_BY = {"“": '”“"', '"': '"”', "„": '“”"', "«": "»", "»": "«", "‹": "›", "‘": "’", "‚": "‘’", "'": "'"}
_APOSTROPHES = "‘‚'"


def _pattern(opening: str, closing: str, lengths: str) -> str:
    inside = f"[^{re.escape(closing)}]{lengths}?"
    if opening in _APOSTROPHES:
        inside = rf"(?![\s\d])(?:[^{closing}\n]|(?<=\w)[{closing}](?=\w)){lengths}?"
        return rf"(?<!\w){opening}({inside})(?<!\s)[{closing}](?!\w)"
    return rf"{opening}({inside})[{closing}]"


def _any_of(lengths: str) -> re.Pattern[str]:
    return re.compile("|".join(_pattern(*marks, lengths) for marks in _CLOSED_BY.items()))


_QUOTED = _any_of(f"{{{_SHORTEST},{_LONGEST}}}")
_QUOTATION = _any_of("{2,2000}")


def quotations(text: str) -> list[Span]:
    """Every stretch between quotation marks of a sentence, without the marks."""
    return [Span(*match.span(match.lastindex or 0)) for match in _QUOTATION.finditer(text)]


def quoted(text: str, publishers: Iterable[str] = ()) -> tuple[str, ...]:
    """The stretches between quotation marks, without the marks, in order; the name of a publisher ('The Verge') is none.
    An apostrophe that nothing closes is passed over."""
    stretches = (next(filter(None, match.groups())).strip(" ,.;:!?") for match in _QUOTED.finditer(text))
    publishers = tuple(publishers)
    return tuple(dict.fromkeys(s for s in stretches if len(s) >= _SHORTEST and not _is_publisher(s, publishers)))


def _is_publisher(words: str, publishers: tuple[str, ...]) -> bool:
    return any(mention.end - mention.start == len(words) for mention in mentions(words, publishers))


def stands_in(words: str, text: str) -> bool:
    """Whether a text holds these words side by side, in any case of letters and whatever marks are between them."""
    return _row(words) in _row(text)


@lru_cache(maxsize=128)  # the same few passages are looked into for every sentence of an answer
def _row(text: str) -> str:
    return f" {' '.join(tokens(text))} "

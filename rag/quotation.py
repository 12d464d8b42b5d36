"""Which words a text puts in quotation marks, of every usual kind: “ ”, " ", ‘ ’, ' ', « », „ “, » «, ‹ ›."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .publishers import mentions
from .words import tokens

_SHORTEST, _LONGEST = 3, 200  # characters
# By opening mark what closes. Of the marks that are apostrophes as well the first stands before a word, where none is
# before it, and the last after one.
_CLOSED_BY = {"“": '”“"', '"': '"”', "„": '“”"', "«": "»", "»": "«", "‹": "›", "‘": "’", "‚": "‘’", "'": "'"}
_APOSTROPHES = "‘‚'"


def _pattern(opening: str, closing: str) -> str:
    inside = f"[^{re.escape(closing)}]{{{_SHORTEST},{_LONGEST}}}?"
    if opening in _APOSTROPHES:
        inside = rf"(?!\s)(?:[^{closing}\n]|(?<=\w)[{closing}](?=\w)){{{_SHORTEST},{_LONGEST}}}?"
        return rf"(?<!\w){opening}({inside})(?<!\s)[{closing}](?!\w)"
    return rf"{opening}({inside})[{closing}]"


_QUOTED = re.compile("|".join(_pattern(*marks) for marks in _CLOSED_BY.items()))


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
    wanted, held = tokens(words), tokens(text)
    places = range(len(held) - len(wanted) + 1) if wanted else ()
    return any(held[n : n + len(wanted)] == wanted for n in places)

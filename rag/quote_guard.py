"""Quote guard: words between quotation marks stand in the source word for word, or they lose their marks.

What a model puts between marks a reader takes for somebody's very words. A paraphrase may stay as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .evidence.quotations import is_quoted
from .quotation import quotations
from .words import tokens

_MOST_PASSES = 4  # marks within marks within marks are no quotation
_MARKS = re.compile(r"[“”„«»‹›‘‚\"]")


def guarded(text: str, evidence: Sequence[str]) -> str:
    """A sentence in which every quotation that no evidence holds has lost its marks."""
    for _ in range(_MOST_PASSES):
        plain = _once(text, evidence)
        if plain == text:
            return text
        text = plain
    return _MARKS.sub("", text)


def _once(text: str, evidence: Sequence[str]) -> str:
    for span in reversed(quotations(text)):
        if not (tokens(span.of(text)) and is_quoted(span.of(text), evidence)):
            text = text[: span.start - 1] + span.of(text) + text[span.end + 1 :]
    return text


def guarded_draft(draft: str, evidence: Sequence[str]) -> str:
    """The same for a sentence that is still being written: what is opened and not closed has no marks yet."""
    kept, end = [], 0
    for span in quotations(text := guarded(draft, evidence)):
        kept += [_MARKS.sub("", text[end : span.start - 1]), text[span.start - 1 : span.end + 1]]
        end = span.end + 1
    return "".join(kept) + _MARKS.sub("", text[end:])

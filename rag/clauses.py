"""Clauses: where a long question turns to its next matter, often another article of another publisher."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .publishers import Mention
from .sentences import Span
from .words import terms

_TURN = re.compile(
    r"(?:,|;)\s+(?:while|whereas|but|and|who|which|as|or)\s+"
    r"|\s+(?:while|whereas)\s+"
    r"|\s+and\s+(?=(?:is|was|has|also|the|another|a|an|in|later|who|that)\s)"
    r"|;\s+|\?\s+|,\s+(?=according\s)"
)
# Between two publishers that are no list ("A, B and C") the last of these begins what the second one reported.
_BETWEEN = re.compile(
    r",\s+(?:and\s+|but\s+|or\s+|while\s+|then\s+)?"
    r"|\s+(?:and|while|whereas|or|but|then|compared (?:to|with)|versus|than|from|with)\s+|;\s+|\?\s+"
)
_LISTED = re.compile(r"[\s,'‘’“”\"]*(?:and|or|&)?[\s,'‘’“”\"]*(?:the\s+)?", re.IGNORECASE)
_LEAST_TERMS = 4


def parts(text: str, named: Sequence[Mention]) -> list[str]:
    """The clauses of a question in order, none where it has one matter; ``named`` are its publishers, in order.

    A part too short to search by joins the one before.
    """
    spans: list[Span] = []
    start = 0
    for cut in sorted(_cuts(text, named), key=lambda span: (span.start, span.end)):
        if cut.start >= start:
            _take(text, Span(start, cut.start), spans)
            start = cut.end
    _take(text, Span(start, len(text)), spans)
    return [span.of(text).strip(" ,;") for span in spans] if len(spans) > 1 else []


def _take(text: str, span: Span, spans: list[Span]) -> None:
    if not span.of(text).strip(" ,;?"):
        return
    if spans and min(len(terms(span.of(text))), len(terms(spans[-1].of(text)))) < _LEAST_TERMS:
        spans[-1] = Span(spans[-1].start, span.end)
    else:
        spans.append(span)


def _cuts(text: str, named: Sequence[Mention]) -> Iterator[Span]:
    """The words between two matters, at each turn of the sentence and before each publisher that brings a new matter."""
    turns = [Span(match.start(), match.end()) for match in _TURN.finditer(text)]
    yield from turns
    for before, after in pairwise(_groups(text, named)):
        between = [Span(match.start(), match.end()) for match in _BETWEEN.finditer(text, before.end, after.start)]
        if between and not any(before.end <= turn.start < after.start for turn in turns):
            yield between[-1]


def _groups(text: str, named: Sequence[Mention]) -> list[Span]:
    """Where publishers are named; those of one list are one place."""
    groups: list[Span] = []
    for mention in named:
        if groups and _LISTED.fullmatch(text, groups[-1].end, mention.start):
            groups[-1] = Span(groups[-1].start, mention.end)
        else:
            groups.append(Span(mention.start, mention.end))
    return groups

"""Where paragraphs and sentences begin and end, as offsets into the text that was given."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nupunkt

_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text[start:end]``, offsets in characters."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of a text, parted by empty lines, without the white space around them."""
    return [Span(match.start(), match.end()) for match in _PARAGRAPH.finditer(text)]


def sentences(text: str, within: Span | None = None) -> list[Span]:
    """The sentences of a text (or of one stretch of it), never across a paragraph, without outer white space."""
    within = within or Span(0, len(text))
    found = []
    for paragraph in paragraphs(within.of(text)):
        begin = within.start + paragraph.start
        for start, end in nupunkt.sent_spans(paragraph.of(within.of(text))):
            found.append(_trimmed(text, begin + start, begin + end))
    return [span for span in found if len(span)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)

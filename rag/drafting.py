"""What a model writes, as it streams in: finished sentences with the passage numbers that they cite."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .citation import markers_in, without_markers
from .sentences import sentences

_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)?")
_LINK = re.compile(r"\[([^\]]*)\]\((?:[^)]*)\)?")
_ADDRESS = re.compile(r"<?\bhttps?://[^\s>\])]+>?")
_MARKUP = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)]|#{1,6})\s+|\*\*|__|`", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
# "… ended. [1][2] Next" -> "… ended [1][2]. Next": the marks belong to the sentence before them.
_TRAILING_MARKS = re.compile(r"([.!?…]+[”\"’')]*)((?:\s*[\[【]\^?\d[\d,;\s^]*[\]】])+)")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a model without its marks, and the numbers that it cites."""

    text: str
    numbers: tuple[int, ...]


def drafted(written: str, finished: bool) -> tuple[list[Drafted], str]:
    """The finished sentences of a text that is being written, and the unfinished rest (empty once ``finished``).

    Links, images, addresses, tags and markup do not come through.
    """
    text = _TRAILING_MARKS.sub(r"\2\1", _plain(written))
    spans = sentences(text)
    found = [_drafted(span.of(text)) for span in spans]
    if finished or not spans:
        return [d for d in found if d.text], "" if finished else without_markers(text)
    return [d for d in found[:-1] if d.text], found[-1].text


def _drafted(sentence: str) -> Drafted:
    bare = re.sub(r"\s+([.!?…,;:])", r"\1", without_markers(sentence))
    return Drafted(bare if re.search(r"\w", bare) else "", tuple(markers_in(sentence)))


def _plain(written: str) -> str:
    text = _IMAGE.sub("", _THINKING.sub("", written))
    for pattern, replacement in ((_LINK, r"\1"), (_ADDRESS, ""), (_TAG, ""), (_MARKUP, "")):
        text = pattern.sub(replacement, text)
    return text

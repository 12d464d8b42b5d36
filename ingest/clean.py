"""Text as it comes from strangers, made fit to show: no hidden characters, one Unicode form, clear paragraphs."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

MAX_BODY = 2_000_000
MAX_LINE = 300

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"  # control characters
    "|[\u00ad\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb]"  # soft hyphen, zero width, annotation
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]"  # bidi controls
    "|[\U000e0000-\U000e0fff]"  # tag characters and rare variation selectors: both can carry unseen text
)
_JOINER = re.compile("[\u200c\u200d]")
# Arabic and its kin, the Indic block and its neighbours: there a joiner spells a word.
_JOINING_SCRIPTS = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0xFB50, 0xFEFC))
_EMOJI = ((0x2190, 0x2BFF), (0xFE0F, 0xFE0F), (0x1F000, 0x1FAFF))
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_NARROWEST_WRAP, _WIDEST_WRAP = 40, 100
_SENTENCE_ENDS = '.!?:"”’»)'


def well_formed(text: str) -> str:
    """The text with U+FFFD for each lone surrogate: no UTF-8, and so no archive, can hold one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def visible(text: str) -> str:
    """The text without hidden characters, in NFC, with plain spaces and line ends; lone surrogates become U+FFFD."""
    text = _HIDDEN.sub("", _LINE_ENDS.sub("\n", well_formed(text)))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _JOINER.sub(_joiner, text)))


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """The visible text on one line, cut at a word's end with an ellipsis above ``limit`` characters."""
    line = " ".join(visible(text).split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text, each on one line.

    Paragraphs end at empty lines and at line ends, except where the text was wrapped at a fixed width (up to
    100 columns): there a line end inside a block is only a space.
    """
    blocks = [lines for block in _EMPTY_LINES.split(visible(text)) if (lines := _lines(block))]
    if is_wrapped(blocks):
        return [" ".join(lines) for lines in blocks]
    return [line for lines in blocks for line in lines]


def is_wrapped(blocks: list[list[str]]) -> bool:
    """Whether nearly every line end inside the blocks stands where the next word no longer fitted."""
    width = max((len(line) for lines in blocks for line in lines), default=0)
    ends = [(a, b) for lines in blocks for a, b in pairwise(lines)]
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP or not ends:
        return False
    forced = sum(len(a) + 1 + len(b.split()[0]) > width for a, b in ends)
    within_sentence = sum(a[-1] not in _SENTENCE_ENDS for a, _ in ends)
    return forced >= 0.8 * len(ends) and within_sentence >= 0.5 * len(ends)


def _lines(block: str) -> list[str]:
    return [line.strip() for line in block.split("\n") if line.strip()]


def _joiner(match: re.Match[str]) -> str:
    before, after = match.string[max(match.start() - 1, 0) : match.start()], match.string[match.end() : match.end() + 1]
    if not before or not after:
        return ""
    return match.group() if any(_within(before, s) and _within(after, s) for s in (_JOINING_SCRIPTS, _EMOJI)) else ""


def _within(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)

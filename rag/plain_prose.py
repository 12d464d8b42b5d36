"""Plain prose: a model's words without links, images, addresses, tags, markup and signs that nobody sees."""

from __future__ import annotations

import html
import re

from .marks import MARK

# Controls, bidi, zero-width and tag characters, lone surrogates; joiners stay, scripts need them.
NOT_SHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_NOT_TEXT = re.compile(
    r"(?s:<!--.*?(?:-->|\Z))|</?[a-zA-Z][^<>]*(?:>|\Z)|<[!?][^<>]*(?:>|\Z)"  # comments and tags, the unfinished too
    r"|[a-zA-Z][\w+.-]{0,20}://[^\s\])}>]*|(?<![a-zA-Z0-9])www\.[^\s\])}>]+"  # also right behind a sign or a figure
    r"|(?<![a-zA-Z0-9])(?:javascript|data|vbscript|mailto|file):[^\s\])}>]+"
    r"|(?:(?<![\w:/])//)?\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-zA-Z]{2,20}(?::\d{1,5})?/[^\s\])}>]*"  # example.org/path
    r"|\*\*|__|~~|`+"
    rf"|{NOT_SHOWN.pattern}"
)
_MOST_PASSES = 8  # markup inside markup inside markup is no prose
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*(?:\)|\Z)")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\w)|(?<=[\w.,!?])[*_](?![\w*])")
_LINE_SIGN = re.compile(r"\A(?:(?:#{1,6}|[-*•])(?: |$)|>+ ?)+")  # at the head of a line: a heading, a quotation, a list


def plain(text: str) -> str:
    """Without links, images, addresses, tags and markup; until nothing is left, since "<<b>b>" holds a tag twice."""
    for _ in range(_MOST_PASSES):
        stripped = _NOT_TEXT.sub("", _LINK.sub(_link_text, html.unescape(text)))
        if stripped == text:
            return _EMPHASIS.sub("", text)
        text = stripped
    return re.sub(r"[<>\[\]()&]|//", " ", text)


def _link_text(match: re.Match[str]) -> str:
    """The words of a link, nothing of an image; a mark that was made a link stays a mark."""
    if match[1]:
        return ""
    return f"[{match[2]}]" if MARK.fullmatch(f"[{match[2]}]") else match[2]


def one_plain_line(text: str) -> str:
    """One line that no renderer of Markdown or HTML reads as a link, an image or a tag."""
    words = plain(" ".join(text.split()))
    guarded = re.sub(r"<(?=[a-zA-Z/!?])", "< ", words).replace("](", "] (").replace("][", "] [").replace("![", "! [")
    return _LINE_SIGN.sub("", " ".join(re.sub(r"\(\s*\)|\[\s*\]", "", guarded).split()))

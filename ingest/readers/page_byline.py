"""The byline that a reader of a page sees, for pages that name their authors nowhere else."""

from __future__ import annotations

import re
from itertools import islice

from lxml.html import HtmlElement

from ..clean import one_line
from ..credit import bylines, is_byline

_AUTHOR = re.compile(r"(?:^|[\s_-])(?:by-?lines?|authors?(?:-?names?|s)?|writers?)(?:$|[\s_-])", re.IGNORECASE)
_NOT_THE_AUTHOR = re.compile(
    r"bio|about|avatar|image|photo|social|comment|related|follow|card|meta|brand|label|teaser", re.IGNORECASE
)
_TAGS = ("a", "span", "div", "p", "address", "li", "ul", "section", "strong", "em", "small", "h3", "h4", "h5")
_ELSEWHERE = {"aside", "footer", "nav", "form"}
_LONGEST, _MOST = 200, 50


def seen_byline(page: HtmlElement) -> list[str]:
    """The people named by the first element that is marked as a byline; by its parts where these are marked too."""
    marked = list(islice(filter(_is_marked, page.iter(*_TAGS)), _MOST))
    for element in marked:
        if _ELSEWHERE.isdisjoint(above.tag for above in element.iterancestors()):
            parts = [part for part in marked if element in part.iterancestors()]
            above = {ancestor for part in parts for ancestor in part.iterancestors()}
            innermost = [part for part in parts if part not in above]
            if names := [name for part in innermost or [element] for name in _names(part)]:
                return list(dict.fromkeys(names))
    return []


def _is_marked(element: HtmlElement) -> bool:
    named = (element.get("class") or "").split()
    marked = any(_AUTHOR.search(name) and not _NOT_THE_AUTHOR.search(name) for name in named)
    return marked or element.get("rel") == "author" or (element.tag == "p" and is_byline(_said(element)))


def _names(element: HtmlElement) -> list[str]:
    """Only what is written like a name: classes say "author" of much else."""
    words = _said(element)
    found = bylines(words) if len(words) <= _LONGEST else ()
    return [name for name in found if is_byline(f"By {name}") and (" " in name or not name.isascii())]


def _said(element: HtmlElement) -> str:
    return one_line(" ".join(element.itertext()), 2 * _LONGEST)

"""The paragraphs of the story in a page: found by trafilatura, and completed from where its paragraphs stand."""

from __future__ import annotations

import logging
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import islice

from lxml.html import HtmlElement

from rag.errors import ReaderError

from ..clean import MAX_BODY, one_line, paragraphs_of
from ..furniture import without_asides
from ..markup import plain

# Its warnings speak of single pages without naming them; what matters is raised here as ReaderError.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

_UNSEEN = " or ".join(
    f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"
    for name in ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text")
)
_FURNITURE = (
    f"//figcaption | //body//*[@class][{_UNSEEN}]"
    # Cards that lead to other stories; the items of "the ten best" have a linked heading too, but more to say.
    " | //a[@href][.//p][.//h1 or .//h2 or .//h3 or .//img][count(.//p) < 3]"
    " | //li[.//h2//a or .//h3//a][string-length(normalize-space()) < 400]"
)
_HARDLY_ANYTHING = 1000
_ELSEWHERE = {"aside", "footer", "nav", "figure", "figcaption", "form", "noscript", "blockquote", "table", "li"}
_ENOUGH_ALIKE, _SHORTEST_LOST, _MOST_LOST, _TOLD_APART_BY = 3, 40, 200, 60


def story_of(page: HtmlElement, told: str) -> list[str]:
    """The paragraphs of the story. ``told`` is what the page's own data gives as its text, often cut or unparted.
    Changes the page."""
    for furniture in page.xpath(_FURNITURE):
        furniture.drop_tree()
    found = _extracted(page, favor_precision=True)
    if len(found) < _HARDLY_ANYTHING:
        # The careful pass now and then keeps one paragraph of twenty.
        other = _extracted(page, favor_precision=False)
        found = other if len(other) > 2 * len(found) else found
    if len(told) > 1.5 * len(found):
        return without_asides(paragraphs_of(plain(told)))
    return without_asides(_completed(page, paragraphs_of(found)))


def _extracted(page: HtmlElement, *, favor_precision: bool) -> str:
    import trafilatura  # a second to import, for pages alone

    try:
        found = trafilatura.extract(deepcopy(page), favor_precision=favor_precision, include_comments=False)
    except Exception as cause:  # noqa: BLE001  a heuristic library over strangers' pages: any failure is the page's
        raise ReaderError(f"no story can be found in this page ({type(cause).__name__}): save it anew.") from cause
    return found or ""


def _completed(page: HtmlElement, story: Sequence[str]) -> list[str]:
    """The story with the paragraphs that stand in the page among its own and look like them: of many links, or beside
    an advertisement, trafilatura loses some."""
    place_of = {_beginning(paragraph): place for place, paragraph in enumerate(story)}
    alike: dict[tuple[str | None, ...], list[tuple[HtmlElement, str]]] = defaultdict(list)
    for element in page.iter("p"):
        alike[_look(element)].append((element, one_line("".join(element.itertext()), MAX_BODY)))
    whole, lost = _letters("".join(story)), defaultdict(list)
    for group in alike.values():
        places = [place_of.get(_beginning(words)) for _, words in group]
        if sum(place is not None for place in places) >= _ENOUGH_ALIKE:
            for place, words in islice(_lost(group, places), _MOST_LOST):
                if _letters(words) not in whole:
                    lost[place].append(words)
    return [words for place in range(-1, len(story)) for words in (*story[max(place, 0) : place + 1], *lost[place])]


def _lost(group: list[tuple[HtmlElement, str]], places: list[int | None]) -> Iterator[tuple[int, str]]:
    """The paragraphs of a group that the story lacks, each with the place after which it belongs."""
    known = [n for n, place in enumerate(places) if place is not None]
    parents = {group[n][0].getparent() for n in known}
    around = _common(group[known[0]][0], group[known[-1]][0])
    for n, (element, words) in enumerate(group):
        before = bisect(known, n) - 1
        inside = 0 <= before < len(known) - 1 or element.getparent() in parents
        inside = inside or (before < 0 and element.getparent().get("class") and around in element.iterancestors())
        if places[n] is None and inside and len(words) >= _SHORTEST_LOST and not _stands_elsewhere(element):
            yield (places[known[before]] if before >= 0 else places[known[0]] - 1), words


def _common(one: HtmlElement, other: HtmlElement) -> HtmlElement:
    above = set(other.iterancestors())
    return next(ancestor for ancestor in one.iterancestors() if ancestor in above)


def _look(element: HtmlElement) -> tuple[str | None, ...]:
    parent = element.getparent()
    return element.get("class"), parent.tag, parent.get("class")


def _stands_elsewhere(element: HtmlElement) -> bool:
    linked = sum(len("".join(a.itertext())) for a in element.iter("a"))
    within = any(ancestor.tag in _ELSEWHERE for ancestor in element.iterancestors())
    return within or linked > 0.5 * len("".join(element.itertext()))


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def _beginning(text: str) -> str:
    return _letters(text[: 2 * _TOLD_APART_BY])[:_TOLD_APART_BY]

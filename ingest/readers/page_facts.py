"""What a page says about its story outside the text: JSON-LD, microdata, meta tags, and its visible parts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from rag.address import host_of

from ..clean import one_line
from ..correction import is_correction
from .fields import SPELLINGS, Voice, first, spelled, texts
from .json_ld import article_data
from .page_address import address_of, without_addresses
from .page_byline import seen_byline

_ITEMS = ("headline", "datePublished", "dateModified", "author", "publisher", "articleSection", "inLanguage")
_TIMES = ("//article//time[@datetime]", "//main//time[@datetime]", "//time[@datetime]")
_DAY = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/-]|$)")
_CHANGED = re.compile(r"updat|modif|edit|amend", re.IGNORECASE)
_NOTED = "contains(@class, 'correction') or contains(@class, 'clarification') or contains(@class, 'editors-note')"
_ELSEWHERE = {"a", "aside", "nav"}
_SITE_AFTER = re.compile(r"\s+(?:[|–—»·•]|-|::?)\s+([^|–—»·•]{2,60})$")


def facts_of(page: HtmlElement, found_under: str = "") -> tuple[Voice, ...]:
    """The voices of a page, the most explicit first; JSON-LD is always the first of them. ``found_under`` is the
    address that the page was published under, where that is known."""
    said = (
        Voice("json-ld", article_data(page)),
        Voice("microdata", _microdata(page)),
        Voice("meta", _meta(page)),
        Voice("page", _visible(page)),
    )
    address = address_of(page, said, found_under)
    voices = tuple(map(without_addresses, said))
    return (
        Voice("json-ld", {**voices[0].fields, **_headline(voices), **({"url": address} if address else {})}),
        *voices[1:],
        Voice("address", _told_by(address, page)),
    )


def _told_by(address: str, page: HtmlElement) -> dict[str, object]:
    """What an address itself says: the site, by the name that ends the page's title where that fits, and often a day."""
    host, day = host_of(address), _DAY.search(urlsplit(address).path)
    tail = next((found[1] for title in _titles(page) if (found := _SITE_AFTER.search(title))), "")
    named = tail if len(_letters(tail)) > 3 and _letters(tail) in _letters(host) else host
    return {"site": named, "published": "-".join(day.groups()) if day else ""}


def _headline(voices: tuple[Voice, ...]) -> dict[str, object]:
    """The headline without the name of the site that page titles end with."""
    headline = one_line(first(voices, "headline"))
    tail = _SITE_AFTER.search(headline)
    if tail and _is_site(tail[1], voices):
        headline = headline[: tail.start()]
    return {"headline": headline} if headline else {}


def _is_site(words: str, voices: tuple[Voice, ...]) -> bool:
    """Whether words name the site: as it calls itself, or as the visible heading leaves them out."""
    heading = str(voices[-1].fields.get("headline", ""))
    said = _letters(words)
    sites = {_letters(name) for voice in voices for _, v in voice.says("publisher") for name in texts(v)}
    return any(said in site or site in said for site in sites if site) or bool(heading and words not in heading)


def _microdata(page: HtmlElement) -> dict[str, object]:
    marked: dict[str, list[HtmlElement]] = {item: [] for item in _ITEMS}
    for element in page.xpath("//*[@itemprop]"):
        for item in marked.keys() & element.get("itemprop").split():
            marked[item].append(element)
    words = {
        item: [word for element in found[:5] if (word := _marked_words(element))] for item, found in marked.items()
    }
    return {item: said[: None if item == "author" else 1] for item, said in words.items()}


def _marked_words(element: HtmlElement) -> str:
    """What an item says: its own value, or that of the name inside it; a whole box of text says nothing."""
    names = element.xpath(".//*[@itemprop='name']")
    element = names[0] if names else element
    words = element.get("content") or element.get("datetime") or _words(element)
    return words if len(words) < 200 and "http" not in words else ""


def _meta(page: HtmlElement) -> dict[str, object]:
    found: dict[str, object] = {}
    for tag in page.xpath("//meta[@content][@property or @name]"):
        found.setdefault(tag.get("property") or tag.get("name"), tag.get("content"))
    # Here it is about caches, not about the story.
    return {name: said for name, said in found.items() if spelled(name) not in SPELLINGS["expires"]}


def _visible(page: HtmlElement) -> dict[str, object]:
    headings = [words for heading in page.xpath("//h1")[:3] if (words := _words(heading))]
    found: dict[str, object] = {
        "headline": next(iter(headings + _titles(page)), ""),
        "language": next(iter(page.xpath("/html/@lang")), ""),
        "byline": seen_byline(page),
        "correction": " ".join(_corrections(page)),
    }
    return found | _times(page)


def _corrections(page: HtmlElement) -> list[str]:
    """Notes on what was wrong, wherever they stand around the story; no links, which lead to those of other stories."""
    noted = page.xpath(f"//p | //body//*[{_NOTED}][not(.//p)]")
    found = {words: element for element in noted if is_correction(words := one_line("".join(element.itertext()), 2000))}
    return [words for words, element in found.items() if _ELSEWHERE.isdisjoint(a.tag for a in element.iterancestors())]


def _titles(page: HtmlElement) -> list[str]:
    return [words for title in page.xpath("//head/title")[:1] if (words := _words(title))]


def _times(page: HtmlElement) -> dict[str, object]:
    found: dict[str, object] = {}
    for element in next(filter(None, map(page.xpath, _TIMES)), [])[:20]:
        around = f"{element.get('class') or ''} {element.getparent().get('class') or ''}"
        found.setdefault("modified" if _CHANGED.search(around) else "published", element.get("datetime"))
    return found


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words).casefold()


def _words(element: HtmlElement) -> str:
    return one_line(" ".join(element.itertext()), 500)

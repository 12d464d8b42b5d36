"""What a page says about its story outside the text: JSON-LD, microdata, meta tags, and its visible parts."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from ..clean import one_line
from .fields import Voice, first, texts
from .json_ld import article_data

_ITEMS = ("headline", "datePublished", "dateModified", "author", "publisher", "articleSection", "inLanguage")
_TIMES = "(//article//time | //main//time | //time)[@datetime]"
_CHANGED = re.compile(r"updat|modif|edit|amend", re.IGNORECASE)
_SITE_AFTER = re.compile(r"\s+(?:[|–—»·•]|-|::?)\s+([^|–—»·•]{2,60})$")


def facts_of(page: HtmlElement) -> tuple[Voice, ...]:
    """The voices of a page, the most explicit first; JSON-LD is always the first of them."""
    voices = (
        Voice("json-ld", article_data(page)),
        Voice("microdata", _microdata(page)),
        Voice("meta", _meta(page)),
        Voice("page", _visible(page)),
    )
    return Voice("json-ld", {**voices[0].fields, **_headline(voices)}), *voices[1:]


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
    said = re.sub(r"\W", "", words).casefold()
    sites = {
        re.sub(r"\W", "", name).casefold() for voice in voices for _, v in voice.says("publisher") for name in texts(v)
    }
    return any(said in site or site in said for site in sites if site) or bool(heading and words not in heading)


def _microdata(page: HtmlElement) -> dict[str, object]:
    found: dict[str, object] = {}
    for item in _ITEMS:
        marked = page.xpath(f"//*[@itemprop='{item}']")[:5]
        words = [word for element in marked if (word := _marked_words(element))]
        found[item] = words[: None if item == "author" else 1]
    return found


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
    return found


def _visible(page: HtmlElement) -> dict[str, object]:
    headings = [words for heading in page.xpath("//h1")[:3] if (words := _words(heading))]
    titles = [words for title in page.xpath("//head/title")[:1] if (words := _words(title))]
    found: dict[str, object] = {
        "headline": next(iter(headings + titles), ""),
        "canonical": next(iter(page.xpath("//link[@rel='canonical']/@href")), ""),
        "language": next(iter(page.xpath("/html/@lang")), ""),
    }
    return found | _times(page)


def _times(page: HtmlElement) -> dict[str, object]:
    found: dict[str, object] = {}
    for element in page.xpath(_TIMES)[:20]:
        around = f"{element.get('class') or ''} {element.getparent().get('class') or ''}"
        found.setdefault("modified" if _CHANGED.search(around) else "published", element.get("datetime"))
    return found


def _words(element: HtmlElement) -> str:
    return one_line(" ".join(element.itertext()), 500)

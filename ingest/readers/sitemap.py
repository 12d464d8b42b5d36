"""Sitemaps (sitemaps.org): the pages of a site, or its further sitemaps; in XML, or as plain text, one address a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from rag.article import Article
from rag.errors import ReaderError

from ..lead import Lead
from ..source import Source
from ..xml_tree import root_name
from .entry import MAX_ENTRIES, item_of, resolved
from .mending import Record, local_name, read_xml

_ROOTS = ("urlset", "sitemapindex")
_URL = Record.of("url|sitemap")
_LISTED = ("url", "sitemap")
_TEXT_NAME = re.compile(r"[\w.-]*sitemap[\w.-]*\.txt")


class Sitemap:
    name = "sitemap"

    def accepts(self, source: Source) -> bool:
        return root_name(source.head) in _ROOTS if source.head.startswith("<") else _is_text(source)

    def read(self, source: Source) -> Iterator[Article | Lead | ReaderError]:
        """One Lead for each address that is listed; pictures, videos and other languages of a page are not."""
        leads, damage = _in_text(source) if _is_text(source) else _in_xml(source)
        yield from islice(leads, MAX_ENTRIES)
        if len(leads) > MAX_ENTRIES:
            yield ReaderError(f"the sitemap lists more than {MAX_ENTRIES:,} addresses: split it (sitemaps.org).")
        if damage or not leads:
            yield damage or ReaderError("no addresses in this sitemap: look whether its own address has changed.")


def _is_text(source: Source) -> bool:
    return bool(source.head.startswith(("http://", "https://")) and _TEXT_NAME.fullmatch(source.name))


def _in_text(source: Source) -> tuple[list[Article | Lead | ReaderError], None]:
    return [_lead(line, source) for line in source.text.lstrip("\ufeff").split("\n") if line.strip()], None


def _in_xml(source: Source) -> tuple[list[Article | Lead | ReaderError], ReaderError | None]:
    root, damage = read_xml(source, _URL)
    return [_lead(_child(e, "loc") or _own(e), source, e) for e in root if local_name(e) in _LISTED], damage


def _lead(loc: str, source: Source, element: etree._Element | None = None) -> Article | Lead | ReaderError:
    if address := resolved(loc, source.address):
        return item_of("news sitemap", facts, address) if (facts := _news(element)) else Lead(address)
    raw = loc.encode("utf-8", "replace") if element is None else etree.tostring(element, with_tail=False)
    return ReaderError("no whole http or https address in this line of the sitemap: write it out.", raw)


def _news(element: etree._Element | None) -> dict[str, object]:
    """What a news sitemap says of the article: too little to make one, enough to fill the gaps of its page."""
    said = next((child for child in element if local_name(child) == "news"), None) if element is not None else None
    if said is None:
        return {}
    outlet = next((child for child in said if local_name(child) == "publication"), said)
    facts = {name: _child(said, name) for name in ("title", "publication_date", "genres")}
    return facts | {"publisher": _child(outlet, "name"), "language": _child(outlet, "language")}


def _child(element: etree._Element, name: str) -> str:
    """The words of the first child of this local name."""
    return next(("".join(child.itertext()).strip() for child in element if local_name(child) == name), "")


def _own(element: etree._Element) -> str:
    """Some write the address into the element itself."""
    return (element.text or "").strip()

"""Which web address a page is known by: its own word for it, where that can be, else the one it was found under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from rag.address import host_of, web_address

from .fields import SPELLINGS, Voice, heard, spelled

# Under these addresses lie copies of pages: what such a page calls itself is believed.
_KEEPERS = ("web.archive.org", "archive.org", "archive.ph", "webcache.googleusercontent.com", "cdn.ampproject.org")


def address_of(page: HtmlElement, voices: tuple[Voice, ...], found_under: str) -> str:
    """The address of the story, or an empty string. What leads to another site, or to a front page, as careless
    templates write it for every story, is not believed."""
    found_under = web_address(found_under)
    kept_elsewhere = host_of(found_under).endswith(_KEEPERS)
    for said in _resolved(_candidates(page, voices), found_under):
        if not is_front_page(said) and (not found_under or kept_elsewhere or _site(said) == _site(found_under)):
            return said
    return found_under


def without_addresses(voice: Voice) -> Voice:
    return Voice(voice.name, {key: said for key, said in voice.fields.items() if spelled(key) not in SPELLINGS["url"]})


def is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def _candidates(page: HtmlElement, voices: tuple[Voice, ...]) -> Iterator[str]:
    yield from page.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")[:1]
    yield from page.xpath("//meta[@property='og:url' or @name='og:url']/@content")[:1]
    for _, said in heard(voices, "url"):
        yield said[0]


def _resolved(addresses: Iterable[str], base: str) -> Iterator[str]:
    """Whole addresses; a relative one is read from where the page was found."""
    for address in addresses:
        try:
            whole = web_address(urljoin(base, address.strip()))
        except ValueError:
            continue
        if whole:
            yield whole


def _site(address: str) -> str:
    """The part of the host that is registered: two labels, or three under co.uk and its like."""
    labels = host_of(address).split(".")
    return ".".join(labels[-3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) < 4 else -2 :])

"""JSON Feed 1 and 1.1 (jsonfeed.org): one lead for each item."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from rag.article import Article
from rag.errors import ReaderError

from ..lead import Lead
from ..source import Source
from .entry import MAX_ENTRIES, item_of, resolved

_VERSION = re.compile(rb'"version"\s{0,20}:\s{0,20}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/')
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_decode = json.JSONDecoder(strict=False).raw_decode


class JsonFeed:
    name = "json-feed"

    def accepts(self, source: Source) -> bool:
        return source.head.startswith("{") and bool(_VERSION.search(source.data))

    def read(self, source: Source) -> Iterator[Article | Lead | ReaderError]:
        """One item for each item of the feed; of a feed that is cut off those before the cut, and an error."""
        text = source.text.strip("\ufeff \t\n\0")
        try:
            feed, damage = json.loads(text, strict=False), None
        except RecursionError as cause:
            raise ReaderError("the JSON feed is nested too deeply: flatten it.") from cause
        except ValueError as cause:
            feed, damage = _before_the_break(text), ReaderError(f"this JSON feed breaks off ({cause}): fetch it anew.")
        items = feed.get("items") if isinstance(feed, dict) else None
        items = items if isinstance(items, list) else []
        for item in islice(items, MAX_ENTRIES):
            yield _item(item, feed, source.address)
        if len(items) > MAX_ENTRIES:
            yield ReaderError(f"the feed has more than {MAX_ENTRIES:,} items: split it.")
        if damage or not items:
            yield damage or ReaderError("no items in this JSON feed: look whether its address has changed.")


def _before_the_break(text: str) -> dict:
    """What the feed says of itself above its items, and those items that are complete."""
    if not (found := _ITEMS.search(text)):
        return {}
    feed, items, position = _complete(text[: found.end()] + "]}"), [], found.end()
    while position < len(text) and len(items) <= MAX_ENTRIES:
        try:
            item, position = _decode(text, position)
        except (ValueError, RecursionError):
            break
        items.append(item)
        while position < len(text) and text[position] in " \t\n,":
            position += 1
    return feed | {"items": items}


def _complete(text: str) -> dict:
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return {}
    return feed if isinstance(feed, dict) else {}


def _item(item: object, feed: dict, address: str) -> Article | Lead | ReaderError:
    if not isinstance(item, dict):
        return ReaderError("an item of this JSON feed is no object: drop it.", json.dumps(item).encode())
    facts = {
        "title": item.get("title"),
        "authors": item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author"),
        "publisher": feed.get("title"),
        "guid": item.get("id"),
        "categories": item.get("tags"),
        "language": item.get("language") or feed.get("language"),
        "date_published": item.get("date_published"),
        "date_modified": item.get("date_modified"),
    }
    bases = address, feed.get("feed_url"), feed.get("home_page_url")
    # An external_url is what a post is about; the post has its own address.
    given = (item.get("url"), item.get("id"), item.get("external_url"))
    found = resolved(given[0], *bases) or next(filter(None, map(resolved, given[1:])), "")
    full = _words(item, "content_html") or _words(item, "content_text")
    return item_of("json feed", facts, found, full, _words(item, "summary"))


def _words(item: dict, key: str) -> str:
    return words if isinstance(words := item.get(key), str) else ""

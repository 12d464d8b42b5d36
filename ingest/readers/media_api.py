"""AP's Media API JSON: an item, a list of them, or the answer of a search or a feed that wraps them.

It is ninjs 1 with many fields of its own, its text as NITF (``body_nitf``), and often a byte-order mark.
See https://api.ap.org/media/v/docs/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rag.article import Article
from rag.errors import ReaderError

from ..source import Source
from .fields import Voice, texts
from .json_values import json_values
from .nitf import nitf_text
from .wire_item import wire_article

_OF_AN_ITEM = ("body_nitf", "headline", "pubstatus", "versioncreated", "firstcreated", "title")
_BODIES = ("body_text", "body_html", "body_xhtml")
_TOLD = ("description_caption", "description_summary", "description_text", "caption")


class MediaApi:
    name = "media-api"

    def accepts(self, source: Source) -> bool:
        if not source.head.startswith(("{", "[")) or b'"altids"' not in source.data:
            return False
        first = next(json_values(source.text), None)
        return not (isinstance(first, dict) and source.columns.names(first)) and any(map(_is_item, _items(first)))

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        for value in json_values(source.text):
            if isinstance(value, ReaderError):
                yield value
            else:
                yield from _articles(value)


def _articles(value: object) -> Iterator[Article | ReaderError]:
    found = False
    for item in _items(value):
        found = True
        try:
            yield _article(item)
        except ReaderError as reason:
            yield ReaderError(str(reason), _raw(item))
    if not found:
        yield ReaderError("no item in this answer of the Media API: ask for items with their content.")


def _items(value: object) -> Iterator[dict]:
    """The items in an answer ({"data": {"items": [{"item": {…}}]}}), in a list of such, or the item that it is; also what
    stands where an item should, so that it is refused and not lost."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(reversed(found))
        elif isinstance(found, dict):
            within = [found[key] for key in ("item", "items", "data") if isinstance(found.get(key), dict | list)]
            if within and not _is_item(found):
                waiting.extend(within)
            else:
                yield found


def _is_item(value: object) -> bool:
    altids = value.get("altids") if isinstance(value, dict) else None
    return isinstance(altids, dict) and "itemid" in altids and any(key in value for key in _OF_AN_ITEM)


def _article(item: dict) -> Article:
    told = next((found for key in _TOLD if (found := _one(item, key))), "")
    # Its uri holds the key of whoever asked, and changes with every request.
    rest = {key: value for key, value in item.items() if key not in ("uri", "altids", *_BODIES)}
    fields = rest | {
        "guid": texts(item["altids"].get("itemid")) if isinstance(item.get("altids"), dict) else [],
        "headline": [*texts(item.get("headline")), *texts(item.get("headline_extended")), *texts(item.get("title"))],
        "standfirst": _deck(item),
        "body": _body(item),
        "bylines": _bylines(item),
        "infosource": texts(item.get("infosource")),
        "dateline": [*texts(item.get("located")), *texts(item.get("datelinelocation"))],
        "credit": " ".join(text for key in ("copyrightnotice", "usageterms") for text in texts(item.get(key))),
    }
    return wire_article(Voice(MediaApi.name, fields), told=told, medium=_one(item, "type"))


def _deck(item: Mapping) -> str:
    extended = _one(item, "headline_extended")
    return extended if extended != _one(item, "headline") else ""


def _body(item: Mapping) -> str:
    nitf = _one(item, "body_nitf")
    return nitf_text(nitf) if nitf else next((found for key in _BODIES if (found := _one(item, key))), "")


def _bylines(item: Mapping) -> list[str]:
    lines = item.get("bylines") or item.get("byline") or []
    lines = lines if isinstance(lines, list) else [lines]
    return [text for line in lines for text in texts(line.get("by", line) if isinstance(line, dict) else line)]


def _one(item: Mapping, key: str) -> str:
    return next(iter(texts(item.get(key))), "")


def _raw(item: dict) -> bytes | None:
    try:
        return json.dumps(item, ensure_ascii=False).encode("utf-8", "backslashreplace")
    except RecursionError:  # it was read, and yet is nested too deeply to be written
        return None

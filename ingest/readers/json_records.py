"""Articles as JSON: one object, an array, a wrapper around an array ({"articles": […]}), or one object per line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import JSONDecoder

from rag.article import Article
from rag.errors import ReaderError

from ..field_map import FieldMap
from ..source import Source
from .fields import Voice, first
from .writing import article_of

_WRAPPERS = ("articles", "items", "data", "results", "docs", "documents", "stories", "news", "entries", "records",
             "hits", "response", "feed", "rows", "article")  # fmt: skip
_WRAPPED = re.compile(rf'\{{[^{{}}\[\]]*"({"|".join(_WRAPPERS)})"\s*:\s*(?=\[)', re.IGNORECASE)
_NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")
_LINED = (".jsonl", ".ndjson", ".jsonlines")
_DEEPEST_WRAPPER = 3
_decode = JSONDecoder(strict=False).raw_decode


class JsonRecords:
    name = "json"

    def accepts(self, source: Source) -> bool:
        return source.head.startswith(("{", "[")) or source.name.endswith((".json", *_LINED))

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        """One item for each record. A broken record costs that record; a broken end leaves the complete ones."""
        found = False
        for record in _records(source):
            found = True
            yield record if isinstance(record, ReaderError) else _article(record, source.columns)
        if not found:
            yield ReaderError("no article records in this JSON: give objects with a headline and a body.")


def _article(record: dict, columns: FieldMap) -> Article | ReaderError:
    try:
        return article_of((Voice("json", columns.renamed(record)),))
    except ReaderError as reason:
        return ReaderError(str(reason), _raw(record))


def _raw(record: dict) -> bytes | None:
    try:
        return _bytes(json.dumps(record, ensure_ascii=False))
    except RecursionError:  # it was read, and yet is nested too deeply to be written
        return None


def _bytes(text: str) -> bytes:
    """A lone surrogate becomes the escape that it was in the JSON."""
    return text.encode("utf-8", "backslashreplace")


def _records(source: Source) -> Iterator[dict | ReaderError]:
    """A first line that is JSON by itself, with more below it, begins one record a line: of a pretty-printed or wrapped
    array it is only the opening."""
    text = source.text.strip("\ufeff \t\n\0")
    first_line, _, rest = text.partition("\n")
    if rest and _is_complete(first_line):
        yield from _lines(text, source.columns)
    elif text.startswith("["):
        yield from _elements(text, 0, source.columns)
    else:
        yield from _whole(text, source.name.endswith(_LINED), source.columns)


def _whole(text: str, lined: bool, columns: FieldMap) -> Iterator[dict | ReaderError]:
    try:
        value, end = _decode(text)
    except (ValueError, RecursionError) as cause:
        if not lined and (wrapped := _WRAPPED.match(text)):
            yield from _elements(text, wrapped.end(), columns)
        elif lined or _is_complete("".join(text.split("\n", 2)[1:2])):  # only the first line is broken
            yield from _lines(text, columns)
        else:
            yield _broken("the JSON", cause)
    else:
        more = text[end:].strip()
        yield from _lines(text, columns) if more and lined else _unwrapped(value, columns)
        if more and not lined:
            yield ReaderError(
                "more text behind the first JSON value: give an array or one object per line.", _bytes(more)
            )


def _is_complete(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict | list)
    except (ValueError, RecursionError):
        return False


def _lines(text: str, columns: FieldMap) -> Iterator[dict | ReaderError]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, strict=False)
        except (ValueError, RecursionError) as cause:
            yield _broken(f"line {number}", cause, line)
            continue
        records = list(_unwrapped(value, columns))
        yield from records
        if not records:
            yield ReaderError(f"line {number} is no article record: give one JSON object per line.", _bytes(line))


def _elements(text: str, start: int, columns: FieldMap) -> Iterator[dict | ReaderError]:
    """The objects of the array at ``start``, one at a time, so that a cut or broken one does not cost the others.

    Behind a broken record the reading goes on at the next object with a headline and a body: what lies between is
    taken for fragments of the broken one, and a ``]`` there for the end of a list inside it.
    """
    position, number, broken, mending = _past(text, start + 1), 0, False, False
    while position < len(text):
        if text[position] == "]" and not broken:
            return
        number += not mending
        try:
            value, end = _decode(text, position)
        except (ValueError, RecursionError) as cause:
            following = _next_object(text, position)
            if not mending and text[position] != "]":
                yield _broken(f"record {number}", cause, text[position:following])
            position, broken, mending = following, True, True
            continue
        mending = mending and not _is_record(value, columns)
        if isinstance(value, dict) and not mending:
            yield from _unwrapped(value, columns)
        position = _next_object(text, end - 1) if mending else _past(text, end)
    if not mending:
        yield ReaderError(f"the JSON array is cut off after record {number}: fetch the file anew.")


def _next_object(text: str, position: int) -> int:
    following = _NEXT_OBJECT.search(text, position)
    return following.end() if following else len(text)


def _is_record(value: object, columns: FieldMap) -> bool:
    voices = (Voice("json", columns.renamed(value)),) if isinstance(value, dict) else ()
    return bool(first(voices, "headline") and first(voices, "body"))


def _past(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\n\r,":
        position += 1
    return position


def _unwrapped(value: object, columns: FieldMap, depth: int = 0) -> Iterator[dict]:
    """The records in a value: itself, or those inside a wrapper's list."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield from _unwrapped(item, columns, depth + 1) if depth < _DEEPEST_WRAPPER else ()
    elif isinstance(value, dict):
        inner = _inside(value) if depth < _DEEPEST_WRAPPER and not columns.names(value) else None
        yield from (value,) if inner is None else _unwrapped(inner, columns, depth + 1)


def _inside(record: dict) -> list | dict | None:
    """The list of records (or the one record) that an object wraps; None where it is a record itself."""
    if any(isinstance(value, str) for _, value in Voice("json", record).says("body")):
        return None
    for key, value in record.items():
        if key.lower() in _WRAPPERS and (isinstance(value, dict) or _holds_records(value)):
            return value
    if first((Voice("json", record),), "headline"):
        return None
    return next((value for value in record.values() if _holds_records(value)), None)


def _holds_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _broken(where: str, cause: Exception, record: str | None = None) -> ReaderError:
    raw = None if record is None else _bytes(record)
    if isinstance(cause, RecursionError):
        return ReaderError(f"{where} is nested too deeply: flatten it.", raw)
    return ReaderError(f"{where} is not valid JSON ({cause}): repair or drop it.", raw)

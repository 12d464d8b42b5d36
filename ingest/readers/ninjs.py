"""ninjs, News in JSON (IPTC) 1, 2 and 3: one object, an array, or one a line.

Only what is surely ninjs is taken; other JSON is read by json_records.py. What says that it is ninjs and is not valid is
refused with the fault: a state or a date that came about by accident must not decide what is published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from rag.article import Article
from rag.errors import ReaderError

from ..source import Source
from .fields import Voice
from .json_values import json_values
from .ninjs_fields import associations, fault_of, majors_of, unknown
from .ninjs_item import fields_of, has_text, told_of
from .wire_item import wire_article

# Beside a uri and nothing that ninjs does not have, one of these makes it ninjs.
_MARKS = ("pubstatus", "versioncreated", "representationtype", "altids", "trustindicator", "trustindicators", "infosource",
          "infosources", "headlines", "bodies", "embargoed", "embargoeduntil", "usageterms", "rightsinfo", "urgency",
          "eventdetails", "plannedcoverage", "copyrightholder", "associations", "renditions")  # fmt: skip
_EVENTS = ("event", "planning")
# What holds for an item holds for what comes along with it, unless that says otherwise.
_INHERITED = ("pubstatus", "pubStatus", "embargoed", "embargoedUntil", "expires", "copyrightholder", "copyrightHolder",
              "infosource", "infosources", "infoSources", "language", "usageterms", "usageTerms")  # fmt: skip


class Ninjs:
    name = "ninjs"

    def accepts(self, source: Source) -> bool:
        if not source.head.startswith(("{", "[")) or b'"uri"' not in source.data:
            return False
        first = next(json_values(source.text), None)
        return isinstance(first, dict) and not source.columns.names(first) and is_ninjs(first)

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        for record in json_values(source.text):
            if isinstance(record, dict):
                yield from _articles(record)
            else:
                no_object = ReaderError("a record is no ninjs object: give objects with a uri.")
                yield record if isinstance(record, ReaderError) else no_object


def is_ninjs(record: Mapping) -> bool:
    """Whether the object says that it is ninjs, or has its names and no others."""
    told = record.get("standard", record.get("$standard"))
    if isinstance(told, dict) and any("ninjs" in str(said).lower() for said in told.values()):
        return True
    marked = any(key.lower() in _MARKS for key in record)
    return "uri" in record and marked and not unknown(record, majors_of(record)[0])


def _articles(record: dict) -> Iterator[Article | ReaderError]:
    """The item's article, and those of the texts that it brings along; of a composite without a text its pictures."""
    try:
        found = [_article(record)]
    except ReaderError as reason:
        found, why = [], ReaderError(str(reason), _raw(record))
        if fault_of(record):
            yield why
            return
    inherited = {key: record[key] for key in _INHERITED if key in record}
    for _, associated in associations(record):
        if has_text(associated) or not found:
            found.extend(_as_article(inherited | associated))
    yield from found or [why]


def _as_article(record: dict) -> Iterator[Article]:
    try:
        yield _article(record)
    except ReaderError:
        return


def _article(record: dict) -> Article:
    if fault := fault_of(record):
        raise ReaderError(f"this is no valid ninjs: {fault}; have it corrected by its provider.")
    if record.get("type") in _EVENTS or "eventDetails" in record:
        raise ReaderError("an event or a plan of coverage, not news: give the items that came of it.")
    voice = Voice(Ninjs.name, fields_of(record))
    return wire_article(voice, told=told_of(record), medium=record.get("type", "text"))


def _raw(record: dict) -> bytes | None:
    try:
        return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
    except RecursionError:  # it was read, and yet is nested too deeply to be written
        return None

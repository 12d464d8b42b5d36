"""A ninjs object's texts and metadata, under the names of the field map (fields.py)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from .fields import texts
from .nitf import nitf_text
from .wire_item import code, has_words

_MAIN = ("main", "", "headline", "simple")
_SUMMARY = ("lead", "summary", "abstract", "standfirst", "text", "main", "")
_CAPTION = ("caption", "description", "text", "main", "script", "")
_DECK = ("sub", "subheadline", "deck", "dek", "standfirst", "extended")
_LABELS = ("creditline", "credit", "keywords")


def fields_of(record: Mapping) -> dict[str, object]:
    """The fields of a Voice; names that the field map knows as they stand are passed on as they are."""
    headlines, told = list(_said(record, "headline")), dict(_said(record, "description"))
    main = [value for role, value in headlines if role in _MAIN]
    credits = (_one(record, name) for name in ("copyrightnotice", "usageterms"))
    return {key: value for key, value in record.items() if key.lower() in _AS_THEY_STAND} | {
        "guid": record.get("uri", ""),
        "headline": [*filter(None, (*main, *(value for _, value in headlines), _one(record, "title")))],
        "standfirst": next((value for role, value in headlines if role in _DECK), ""),
        "body": body_of(record),
        "byline": _one(record, "by") or _one(record, "byline"),
        "publisher": _one(record, "copyrightholder"),
        "infosource": _names(record, "infosource"),
        "section": _names(record, "subject"),
        "genre": [*_names(record, "genre"), *_codes(record)],
        "credit": " ".join(filter(None, (told.get("creditline", ""), *credits))),
    }


_AS_THEY_STAND = ("version", "versioncreated", "firstcreated", "embargoed", "embargoeduntil", "expires", "pubstatus",
                  "ednote", "language", "located")  # fmt: skip


def told_of(record: Mapping) -> str:
    """The description that stands for the text best: a caption, a summary."""
    told = [(role, value) for role, value in _said(record, "description") if role not in _LABELS]
    wanted = _SUMMARY if record.get("type", "text") == "text" else (*_CAPTION, *_SUMMARY)
    best = (value for form in wanted for role, value in told if role == form)
    return next(chain(best, (value for _, value in told)), "")


def body_of(record: Mapping) -> str:
    """Its text, from the form that parts paragraphs best: HTML, NITF, then plain; an empty string where it has none."""
    forms: dict[str, str] = {}
    for role, kind, value in _bodies(record):
        form = _form(role, kind)
        if form and form not in forms and has_words(value):
            forms[form] = nitf_text(value) if form == "nitf" else value
    return next((forms[form] for form in ("html", "nitf", "text") if forms.get(form)), "")


def has_text(record: object) -> bool:
    return isinstance(record, dict) and bool(body_of(record))


def _form(role: str, kind: str) -> str:
    if "nitf" in kind or role == "nitf":
        return "nitf"
    if "html" in kind or "html" in role:
        return "html"
    return "text" if "xml" not in kind and "nitf" not in role else ""


def _bodies(record: Mapping) -> Iterator[tuple[str, str, str]]:
    """Role, media type and text of each body."""
    for item in _list(record, "bodies"):
        role, kind = (str(item.get(key, "")).lower() for key in ("role", "contenttype"))
        yield role, str(item.get("contentType", kind)).lower(), _str(item.get("value"))
    yield from ((role, "", value) for role, value in _named(record, "body"))


def _said(record: Mapping, what: str) -> Iterator[tuple[str, str]]:
    """Role and text of each headline or description, whichever way the version writes them."""
    if _one(record, what):
        yield "", _one(record, what)
    yield from _named(record, what)
    for item in _list(record, f"{what}s"):
        yield code(str(item.get("role", ""))).lower(), _str(item.get("value"))


def _named(record: Mapping, what: str) -> Iterator[tuple[str, str]]:
    """``headline_main``, ``body_text`` and the like of version 1."""
    for key, value in record.items():
        if key.startswith(f"{what}_") and isinstance(value, str):
            yield key.removeprefix(f"{what}_").lower(), value


def _names(record: Mapping, what: str) -> list[str]:
    """The names of the concepts, from the singular of version 1 or the plural since 2."""
    items = [*_list(record, what), *_list(record, f"{what}s")]
    return [name for item in items for name in texts(item.get("name"))]


def _codes(record: Mapping) -> list[str]:
    items = [*_list(record, "genre"), *_list(record, "genres")]
    return [code(found) for item in items for key in ("code", "uri") if (found := _str(item.get(key)))]


def _list(record: Mapping, name: str) -> list[dict]:
    found = next((value for key, value in record.items() if key.lower() == name), None)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _one(record: Mapping, name: str) -> str:
    return next((_str(value) for key, value in record.items() if key.lower() == name), "")


def _str(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""

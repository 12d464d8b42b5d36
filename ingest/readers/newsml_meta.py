"""What a NewsML-G2 item says about itself, under the names of the field map (fields.py)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from ..dateline import own_line
from ..xml_tree import words
from .wire_item import code

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MAIN = ("", "main", "headline", "title")
_SUMMARY = ("summary", "abstract", "standfirst", "lead", "teaser")
# A subject of these sorts is somebody or something in the news, not the field that it belongs to.
_NAMED_THINGS = ("person", "organisation", "organization", "poi", "geoArea", "event", "object", "season", "team")


def meta_of(item: etree._Element) -> dict[str, object]:
    """Fields for a Voice, and three for the reader: ``itemclass`` (text, picture …), ``told``, the descriptions, and
    ``creators``."""
    return _managed(item) | _credited(item) | _described(item)


def _managed(item: etree._Element) -> dict[str, object]:
    embargo = item.find("itemMeta/embargoed")
    # An empty one holds until further notice.
    held = embargo is not None and not words(embargo)
    signals = [name for signal in item.findall("itemMeta/signal") for name in _names(signal)]
    corrects = ["corrected"] if any("correct" in signal.lower() for signal in signals) else []
    return {
        "itemclass": code(_identifier(item.find("itemMeta/itemClass"))),
        "guid": item.get("guid", "").strip(),
        "version": item.get("version", ""),
        "firstCreated": words(item.find("itemMeta/firstCreated")),
        "versionCreated": words(item.find("itemMeta/versionCreated")),
        "embargoed": words(embargo),
        "expires": words(item.find("itemMeta/expires")),
        "pubStatus": [code(_identifier(item.find("itemMeta/pubStatus"))) or "usable", *corrects],
        "managementStatus": "embargoed" if held else "",
        "edNote": " ".join(filter(None, map(words, item.findall("itemMeta/edNote")))),
    }


def _credited(item: etree._Element) -> dict[str, object]:
    meta, rights = "contentMeta/", "rightsInfo/"
    creators = [_names(creator)[0] for creator in item.findall(meta + "creator") if creator.find("name") is not None]
    credits = [*item.findall(meta + "creditline"), *item.findall(rights + "copyrightNotice"),
               *item.findall(rights + "usageTerms")]  # fmt: skip
    holder = item.find(rights + "copyrightHolder/name")
    return {
        "byline": [words(line) for line in item.findall(meta + "by")],
        "creators": creators,
        "provider": next(iter(_names(item.find("itemMeta/provider"))), "") or words(holder),
        "infoSource": [name for source in item.findall(meta + "infoSource") for name in _names(source)[:1]],
        "credit": " ".join(filter(None, map(words, credits))),
    }


def _described(item: etree._Element) -> dict[str, object]:
    content = item.find("contentMeta")
    content = content if content is not None else etree.Element("contentMeta")
    language = _language(item, content)
    headlines = _in_language(content.findall("headline"), language)
    told = _in_language(content.findall("description"), language)
    summaries = [words(text) for text in told if code(_role(text)).lower() in _SUMMARY]
    subjects = [subject for subject in content.findall("subject") if code(_type(subject)) not in _NAMED_THINGS]
    main = [words(line) for line in headlines if code(_role(line)).lower() in _MAIN]
    return {
        "headline": [*main, *map(words, headlines), words(item.find("itemMeta/title"))],
        "standfirst": [words(line) for line in headlines if words(line) not in main][:1] or summaries[:1],
        "told": "\n\n".join(summaries[:1] if summaries and len(told) == 1 else map(words, told)),
        "dateline": _place(content),
        "language": language,
        "genre": [name for genre in content.findall("genre") for name in _names(genre)],
        "section": [name for subject in subjects for name in _names(subject, language)[:1]],
    }


def _language(item: etree._Element, content: etree._Element) -> str:
    told = content.find("language")
    return (told.get("tag", "") if told is not None else "") or item.get(_LANG, "")


def _in_language(elements: Iterable[etree._Element], language: str) -> list[etree._Element]:
    """Those in the item's own language, all where none says so: a description may come in three."""
    found = list(elements)
    return [element for element in found if element.get(_LANG, language)[:2] == language[:2]] or found


def _place(content: etree._Element) -> str:
    printed = words(content.find("dateline"))
    found = own_line(printed)
    return (found.place if found else printed.partition(",")[0]) or words(content.find("located/name"))


def _names(element: etree._Element | None, language: str = "") -> list[str]:
    """The names of a concept, those in the language first, else the last part of its code; of an address all of it."""
    if element is None:
        return []
    named = [words(name) for name in _in_language(element.findall("name"), language) if words(name)]
    identifier = _identifier(element)
    known = identifier if element.get("uri") == identifier else code(identifier)
    return [*named, *([known] if known else [])]


def _identifier(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return (element.get("qcode") or element.get("uri") or element.get("literal") or "").strip()


def _role(element: etree._Element) -> str:
    return element.get("role") or element.get("roleuri") or ""


def _type(element: etree._Element) -> str:
    return element.get("type") or element.get("typeuri") or ""

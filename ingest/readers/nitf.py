"""NITF, the News Industry Text Format 3.x: alone, inside NewsML-G2, inside JSON; with its namespace or without."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from rag.article import Article
from rag.errors import ReaderError

from ..markup import block_text
from ..source import Source
from ..times import news_time
from ..xml_tree import local_names, parse_xml, root_name, words
from .fields import Voice
from .wire_item import has_words, wire_article

NAME = "nitf"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ASIDE = ("media", "note", "docdata")
_DATES = {"issue": "date.issue", "release": "date.release", "expires": "date.expire"}


class Nitf:
    name = NAME

    def accepts(self, source: Source) -> bool:
        return root_name(source.head) == "nitf"

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        """The story; where it ends or holds back another one (``management-doc-idref``), that one's state as well."""
        nitf = local_names(parse_xml(source.data, allow_doctype=True))
        if nitf.tag != "nitf":
            raise ReaderError(f"this is no NITF but <{nitf.tag[:40]}>: give a document whose root is nitf.")
        own, other = nitf_fields(nitf), _other_ended(nitf)
        if other is None or has_words(own["body"]):
            yield wire_article(Voice(NAME, own))
        if other is not None:
            yield wire_article(Voice(NAME, own | other))


def nitf_fields(nitf: etree._Element) -> dict[str, object]:
    """What a ``nitf`` element without namespaces says, under the names of the field map (fields.py)."""
    head = nitf.find("body/body.head")
    return _story(nitf, head if head is not None else etree.Element("body.head")) | _managed(nitf)


def nitf_text(markup: str) -> str:
    """The paragraphs of NITF in a string, a whole document or only its body; the string where it is no XML."""
    for text in (markup, f"<body.content>{markup}</body.content>"):
        try:
            root = local_names(parse_xml(text.encode("utf-8", "replace"), allow_doctype=True))
        except (ReaderError, ValueError):
            continue
        return _content(root.find(".//body.content") if root.tag in ("nitf", "body") else root)
    return markup


def _story(nitf: etree._Element, head: etree._Element) -> dict[str, object]:
    return {
        "headline": words(head.find("hedline/hl1")) or words(head.find("hedline")) or words(nitf.find("head/title")),
        "standfirst": words(head.find("abstract")) or words(head.find("hedline/hl2")),
        "byline": [_byline(line) for line in head.findall("byline")],
        "dateline": _dateline(head.find("dateline")),
        "body": _content(nitf.find("body/body.content")),
        "publisher": _publisher(nitf, head),
        "language": nitf.get(_LANG, ""),
        "kind": _said(nitf.find("head/tobject"), "tobject.type"),
        "section": [
            subject.get("tobject.subject.matter") or subject.get("tobject.subject.type") or ""
            for subject in nitf.findall("head/tobject/tobject.subject")
        ],
        "credit": " ".join(filter(None, (words(head.find("rights")), words(nitf.find("body/body.end/tagline"))))),
    }


def _managed(nitf: etree._Element) -> dict[str, object]:
    """The management of the document: identity, state, times and rights."""
    docdata = nitf.find("head/docdata")
    if docdata is None:
        return {}
    state = docdata.get("management-status", "usable")
    return {
        "guid": _said(docdata.find("doc-id"), "id-string"),
        "version": _said(docdata.find("du-key"), "version"),
        "originator": _said(docdata.find("doc-id"), "regsrc"),
        "managementstatus": state,
        "ednote": _said(docdata.find("ed-msg"), "info"),
        "correction": _said(docdata.find("correction"), "info"),
        "copyrightnotice": _copyright(docdata),
    } | _times(nitf, docdata, state)


def _publisher(nitf: etree._Element, head: etree._Element) -> str:
    """The paper, else who distributes it, holds its rights or gave it its number."""
    said = (
        _said(nitf.find("head/pubdata"), "name"),
        words(head.find("distributor")),
        _said(nitf.find("head/docdata/doc.copyright"), "holder"),
        _said(nitf.find("head/docdata/doc-id"), "regsrc"),
    )
    return next(filter(None, said), "")


def _times(nitf: etree._Element, docdata: etree._Element, state: str) -> dict[str, object]:
    """A release after the issue is an embargo, whatever the status says; the issue of a first version published it."""
    issue, release, expires = (_said(docdata.find(name), "norm") for name in _DATES.values())
    printed = _said(nitf.find("head/pubdata"), "date.publication")
    is_first = _said(docdata.find("du-key"), "version") in ("", "0", "1")
    held = state == "embargoed" or _later(release, issue)
    published = printed or ("" if held else release) or (issue if is_first else "")
    return {
        "first_published": published,
        "this_version": issue,
        "embargoed_until": release if held else "",
        "expires": expires,
    }


def _later(release: str, issue: str) -> bool:
    a, b = news_time(release, NAME), news_time(issue, NAME)
    return bool(a and b and a.instant and b.instant and a.instant > b.instant)


def _other_ended(nitf: etree._Element) -> dict[str, object] | None:
    """The fields of another document that this one cancels or holds back."""
    docdata = nitf.find("head/docdata")
    other = docdata.get("management-doc-idref", "") if docdata is not None else ""
    state = docdata.get("management-idref-status") or docdata.get("management-status", "") if other else ""
    return {"guid": other, "managementstatus": state} if state in ("canceled", "cancelled", "withheld") else None


def _byline(line: etree._Element) -> str:
    """The names, without the title of whoever bears one."""
    named = deepcopy(line)
    for title in named.findall(".//byttl"):
        title.text = ""
        for part in list(title):
            title.remove(part)
    return words(named) if has_words(words(named)) else words(line)


def _dateline(dateline: etree._Element | None) -> str:
    if dateline is None:
        return ""
    return words(dateline.find("location")) or (dateline.text or "").strip(" \n\t,-–—")


def _content(content: etree._Element | None) -> str:
    """The paragraphs without pictures and notes; of a picture alone its caption."""
    if content is None:
        return ""
    story = deepcopy(content)
    story.tail = None
    for aside in [element for element in story.iter(*_ASIDE) if element.getparent() is not None]:
        aside.getparent().remove(aside) if not aside.tail else aside.clear(keep_tail=True)
    text = block_text(story)
    return text if has_words(text) else "\n\n".join(words(caption) for caption in content.iter("media-caption"))


def _copyright(docdata: etree._Element) -> str:
    holder, year = (_said(docdata.find("doc.copyright"), name) for name in ("holder", "year"))
    rights = docdata.find("doc.rights")
    return " ".join(filter(None, (f"Copyright {year[:4]} {holder}" if holder else "", _said(rights, "agent"))))


def _said(element: etree._Element | None, attribute: str) -> str:
    return "" if element is None else element.get(attribute, "").strip()

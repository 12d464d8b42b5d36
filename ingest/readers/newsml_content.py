"""The text inside a NewsML-G2 contentSet: NITF, XHTML or plain text, as XML or as a string."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from ..markup import block_text
from .nitf import nitf_fields, nitf_text
from .wire_item import has_words

_XHTML = ("html", "body", "article", "section", "main", "div", "p", "h1", "h2", "h3", "h4", "ul", "ol", "table",
          "blockquote", "figure", "br", "span")  # fmt: skip
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def content_of(content_set: etree._Element | None) -> dict[str, str]:
    """The fields of the first content that has text, with the ``form`` it came in; empty where none has."""
    if content_set is None:
        return {}
    for content in content_set.iterchildren("inlineXML", "inlineData"):
        fields = _from_xml(content) if content.tag == "inlineXML" else _from_data(content)
        if has_words(fields.get("body", "")):
            return {"language": content.get(_LANG, "")} | fields
    return {}


def _from_xml(content: etree._Element) -> dict[str, str]:
    first = next(content.iterchildren(etree.Element), None)
    if first is None:
        return {}
    if first.tag == "nitf":
        return {"form": "nitf"} | nitf_fields(first)
    if first.tag in _XHTML:
        # What is in a sports result or a list of events are labels and numbers.
        return {"form": "xhtml", "body": block_text(deepcopy(content))}
    return {}


def _from_data(content: etree._Element) -> dict[str, str]:
    kind, text = content.get("contenttype", "text/plain").lower(), "".join(content.itertext())
    if "encoding" in content.attrib or not ("text" in kind or "xml" in kind):
        return {}
    if "nitf" in kind:
        return {"form": "nitf", "body": nitf_text(text)}
    return {"form": "inline text", "body": text}

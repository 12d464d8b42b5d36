"""HTML inside a field, turned into plain paragraphs."""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_TAG = re.compile(
    r"</?(p|br|div|span|a|b|i|u|em|strong|small|h[1-6]|ul|ol|li|img|figure|blockquote|table|section|article|script|style"
    r"|iframe|pre|hr|sup|sub|font|center)(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d?);", re.IGNORECASE)
# Between blocks a single line end only folds a line; where there are no blocks it parts the paragraphs.
_LONE_BREAK = re.compile(r"(?<!\n)\n(?![^\S\n]*\n)")
# HTML parsers stop at a NUL, so that the rest of the page would be lost in silence; the other control characters lxml
# reads, also as &#1;, and then refuses to move with their text.
_CONTROL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
    rb"|&#0{0,8}(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d);?"
    rb"|&#x0{0,8}(?:[0-8bcef]|1[0-9a-f]|fff[ef])(?![0-9a-f]);?",
    re.IGNORECASE,
)
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "figcaption", "button", "form", "head")
_BLOCKS = {
    "p", "div", "section", "article", "blockquote", "ul", "ol", "li", "dl", "dt", "dd",
    "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "tr", "figure", "pre", "hr", "header", "footer", "aside", "body", "block", "hl2", "media",
}  # fmt: skip


def plain(text: str) -> str:
    """The text without tags and entities, its block elements parted by empty lines; plain text comes back as it is."""
    if not _TAG.search(text):
        return html.unescape(text) if _ENTITY.search(text) else text
    root = parsed(text)
    return html.unescape(text) if root is None else block_text(root)


def parsed(markup: str | bytes) -> HtmlElement | None:
    """The root of the tree, or None where there is nothing to parse; no network, no entities of its own."""
    data = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    try:
        return document_fromstring(_CONTROL.sub(b"", data), parser=HTMLParser(encoding="utf-8", no_network=True))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def block_text(root: HtmlElement) -> str:
    """What a reader would see of an element, with an empty line around each block. Changes the tree."""
    for unseen in list(root.iter(*_UNSEEN, etree.Comment, etree.ProcessingInstruction)):
        if unseen.getparent() is not None:
            _drop(unseen)
    for element in root.iter():
        if element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        elif element.tag in _BLOCKS:
            element.text = "\n\n" + (element.text or "").replace("\n", " ")
            element.tail = "\n\n" + (element.tail or "")
    text = "".join(root.itertext())
    return _LONE_BREAK.sub(" ", text.strip()) if "\n\n" in text.strip() else text


def _drop(element: HtmlElement) -> None:
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)

"""XML of strangers as a tree: nothing is fetched, nothing is expanded, nothing grows beyond what was sent.

lxml is told to resolve no entities, load no DTD, use no network and keep libxml2's own limits (`huge_tree=False`: 256
levels, 10 MB for one text, expansion up to five times); XInclude is only carried out by a call that is not made here.
"""

from __future__ import annotations

import re

from lxml import etree

from rag.errors import ReaderError

from .clean import one_line

# A sitemap may have 50 MB (sitemaps.org).
MAX_XML = 64 * 1024 * 1024
# An element or an attribute takes about 100 times the memory of the shortest that can be written.
MAX_NODES = 4_000_000
_BLANK = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})")


def parse_xml(data: bytes, *, allow_doctype: bool = False, recover: bool = False) -> etree._Element:
    """The root element, without comments and processing instructions.

    Raises ReaderError where the bytes are no well-formed XML, are too large or nested too deeply, declare an entity,
    or have a DOCTYPE at all unless ``allow_doctype``: then one that only names a DTD is read over. With ``recover``
    what is not well-formed is read as far as it can be understood.
    """
    if len(data) > MAX_XML:
        raise ReaderError(f"the XML is larger than {MAX_XML // 1024**2} MiB: split it.")
    if data.count(b"<") + data.count(b"=") > MAX_NODES:
        raise ReaderError(f"the XML has more than {MAX_NODES:,} elements and attributes: split it.")
    try:
        root = etree.fromstring(data.removeprefix(_BOM).lstrip(_BLANK), parser := _parser(recover))
    except (etree.LxmlError, ValueError, LookupError) as cause:
        why = one_line(str(cause), 200) or "it is empty"
        raise ReaderError(f"the XML cannot be parsed ({why}): repair it or fetch it anew.") from cause
    if root is None:
        raise ReaderError("nothing in this XML can be read: fetch it anew.")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReaderError("the XML is nested too deeply: flatten it.")
    _refuse_declarations(root.getroottree().docinfo, allow_doctype)
    return root


def _parser(recover: bool) -> etree.XMLParser:
    """A new one each time: they are not shared between threads, and keep the log of their errors."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, attribute_defaults=False,
        huge_tree=False, recover=recover, remove_comments=True, remove_pis=True,
    )  # fmt: skip


def _refuse_declarations(told: etree.DocInfo, allow_doctype: bool) -> None:
    if told.internalDTD is None:
        return
    if not allow_doctype:
        raise ReaderError("the XML has a DOCTYPE, which no feed or news message needs: remove it.")
    if next(told.internalDTD.iterentities(), None) is not None:
        raise ReaderError("the XML declares entities of its own: write out what they stand for.")


def root_name(head: str) -> str:
    """The local name of the first element in the beginning of a document, or an empty string; for `Reader.accepts`."""
    if not head.lstrip("\ufeff \t\r\n").startswith("<"):
        return ""
    at = 0
    while (at := head.find("<", at)) >= 0:
        if head.startswith("<!--", at):
            at = head.find("-->", at)
        elif head.startswith(("<?", "<!"), at):
            at = head.find(">", at)
        else:
            found = _ROOT.match(head, at)
            return found[1] if found else ""
        if at < 0:
            return ""
    return ""


def local_names(root: etree._Element) -> etree._Element:
    """The tree with every element under its local name, for formats that come with and without their namespace."""
    for element in root.iter(etree.Element):
        # What was mended may have names with a colon in them, which lxml reads and refuses to write.
        element.tag = element.tag.rpartition("}")[2].strip(":").replace(":", "_") or "_"
    return root


def words(element: etree._Element | None) -> str:
    """All text inside an element on one line; an empty string where there is none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())

"""OPML: a list of feeds, as feed readers export it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from rag.errors import ReaderError

from ..lead import Lead
from ..source import Source
from ..xml_tree import root_name
from .entry import MAX_ENTRIES, resolved
from .mending import Record, local_name, read_xml

_OUTLINE = Record(re.compile(r"<outline(?![\w.-])", re.IGNORECASE), re.compile(">"))


class Opml:
    name = "opml"

    def accepts(self, source: Source) -> bool:
        return source.head.startswith("<") and root_name(source.head).lower() == "opml"

    def read(self, source: Source) -> Iterator[Lead | ReaderError]:
        """One Lead for each feed of the list, however deep it lies in folders; outlines without a feed are folders."""
        root, damage = read_xml(source, _OUTLINE)
        feeds = [address for outline in root.iter(etree.Element) if (address := _feed(outline))]
        for address in islice(feeds, MAX_ENTRIES):
            found = resolved(address, source.address)
            yield Lead(found) if found else ReaderError(_NOT_ONE, address.encode("utf-8", "replace"))
        if len(feeds) > MAX_ENTRIES:
            yield ReaderError(f"the list has more than {MAX_ENTRIES:,} feeds: split it.")
        if damage or not feeds:
            yield damage or ReaderError("no feeds in this OPML: give outlines with an xmlUrl.")


_NOT_ONE = "the address of this feed is no whole http or https address: write it out."


def _feed(outline: etree._Element) -> str:
    if local_name(outline).lower() != "outline":
        return ""
    return next((value.strip() for name, value in outline.attrib.items() if name.lower() == "xmlurl"), "")

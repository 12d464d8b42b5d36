"""NewsML-G2 (IPTC): a newsItem, or a newsMessage that carries many; its text as NITF, XHTML or plain text.

Only a newsItem holds an article: concepts, knowledge, catalogues, plans and packages of references do not, nor do
sports results. See https://iptc.org/std/NewsML-G2/guidelines/.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from rag.article import Article
from rag.errors import ReaderError

from ..source import Source
from ..xml_tree import local_names, root_name
from .fields import Voice
from .mending import Record, read_xml
from .newsml_content import content_of
from .newsml_meta import meta_of
from .wire_item import wire_article

_HOLDS_NONE = {
    "packageItem": "a package that only points to items: give the items",
    "conceptItem": "a concept, not news: leave it out",
    "knowledgeItem": "a list of concepts, not news: leave it out",
    "planningItem": "a plan of coverage, not news: give the items that came of it",
    "catalogItem": "a catalogue of codes, not news: leave it out",
    "groupSet": "the groups of a package, which only point to items: give the items",
    "contentMeta": "metadata without an item: give the whole newsItem",
}  # fmt: skip
_ITEMS = ("newsItem", *_HOLDS_NONE)
# The guidelines of the IPTC print a contentSet alone; it holds a whole story.
_ROOTS = ("newsMessage", "contentSet", *_ITEMS)
_RECORD = Record.of("newsItem")


class NewsmlG2:
    name = "newsml-g2"

    def accepts(self, source: Source) -> bool:
        return root_name(source.head) in _ROOTS

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        root, damage = read_xml(source, _RECORD)
        root = local_names(root)
        items = [root] if root.tag != "newsMessage" else root.findall("itemSet/*")
        if not items:
            raise ReaderError("a newsMessage without items: fetch it anew.")
        for item in items:
            try:
                yield _article(item)
            except ReaderError as reason:
                yield ReaderError(str(reason), None if item is root else etree.tostring(item))
        if damage:
            yield damage


def _article(item: etree._Element) -> Article:
    if item.tag not in ("newsItem", "contentSet"):
        raise ReaderError(f"{_HOLDS_NONE.get(item.tag, f'<{item.tag[:40]}>, no newsItem: give newsItems')}.")
    content = content_of(item if item.tag == "contentSet" else item.find("contentSet"))
    meta = meta_of(item)
    item_class, told, creators = (meta.pop(key) for key in ("itemclass", "told", "creators"))
    if item_class == "composite" and not content:
        raise ReaderError("a composite item without a text of its own: give the items that it is made of.")
    inside = [Voice(content.pop("form"), content)] if content else []
    # A printed byline says who wrote it; a creator is often the house.
    voices = (Voice(NewsmlG2.name, meta), *inside, Voice(NewsmlG2.name, {"creator": creators}))
    return wire_article(*voices, told=told, medium=item_class)

"""RSS and Atom: one lead for each entry, told by feedparser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import chain, islice

from lxml import etree

from rag.article import Article
from rag.errors import ReaderError

from ..lead import Lead
from ..source import Source
from ..xml_tree import root_name
from .entry import MAX_ENTRIES, item_of, resolved
from .mending import Record, local_name, named_letter, read_xml

# The largest real feed at hand has .6 MB; feedparser reads about 2 MB/s.
MAX_FEED = 16 * 1024 * 1024
_AT_ONCE = 1000
# In what lxml writes only references to entities look like this: it writes no CDATA sections.
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z]\w{1,31});")
_ROOTS = ("rss", "feed", "RDF")
_ENTRY = Record.of("item|entry")
# Some put the feed into the body of a web page.
_ATOM_INSIDE = re.compile(r"<feed\s[^<>]*http://www\.w3\.org/2005/Atom")
# Elements of other vocabularies that say more of the article than RSS and Atom can.
_FURTHER = ("embargo", "embargoed", "embargountil", "embargoeduntil", "pubstatus", "ednote", "genre", "correction",
            "dateline", "expires")  # fmt: skip


class Feed:
    name = "feed"

    def accepts(self, source: Source) -> bool:
        head = source.head
        return head.startswith("<") and bool(root_name(head) in _ROOTS or _ATOM_INSIDE.search(head))

    def read(self, source: Source) -> Iterator[Article | Lead | ReaderError]:
        """One item for each entry, then an error where the feed is damaged. Raises ReaderError for a DOCTYPE that
        declares entities, and where there are no entries."""
        if len(source.data) > MAX_FEED:
            raise ReaderError(f"the feed is larger than {MAX_FEED // 1024**2} MiB: split it.")
        root, damage = read_xml(source, _ENTRY, allow_doctype=True)
        count = 0
        for count, item in enumerate(islice(_items(root, source.address), MAX_ENTRIES + 1), start=1):
            yield item if count <= MAX_ENTRIES else ReaderError(f"more than {MAX_ENTRIES:,} entries: split the feed.")
        if damage or not count:
            yield damage or ReaderError("no entries in this feed: look whether its address has changed.")


def _items(root: etree._Element, address: str) -> Iterator[Article | Lead | ReaderError]:
    for parsed in _parsed(root, address):
        if isinstance(parsed, ReaderError):
            yield parsed
            continue
        form = "atom" if parsed.version.startswith("atom") else "rss"
        # Some generators write an empty item into each item.
        yield from (_item(entry, parsed.feed, form) for entry in parsed.entries if entry)


def _parsed(root: etree._Element, address: str) -> Iterator[Mapping | ReaderError]:
    """What feedparser makes of the feed, a part of a long one at a time. Where it fails, it is given one half of the
    entries and then the other, until the entry that it fails on stands alone."""
    places = [(e, e.getparent()) for e in root.iter(etree.Element) if local_name(e) in ("item", "entry")]
    pending = [places[at : at + _AT_ONCE] for at in range(0, len(places), _AT_ONCE)][::-1] or [[]]
    while pending:
        some = pending.pop()
        if len(some) < len(places):
            _keep_only(some, places)
        try:
            yield _by_feedparser(root, address)
        except Exception as cause:  # noqa: BLE001  a lenient library over strangers' feeds: any failure is the feed's
            if len(some) < 2:
                raw = etree.tostring(some[0][0] if some else root, with_tail=False)
                yield ReaderError(f"feedparser fails on this entry ({type(cause).__name__}): drop it.", raw)
            else:
                pending += [some[len(some) // 2 :], some[: len(some) // 2]]


def _keep_only(some: list[tuple[etree._Element, etree._Element]], places: list) -> None:
    for entry, place in places:
        if entry.getparent() is not None:
            place.remove(entry)
    for entry, place in some:
        place.append(entry)


def _by_feedparser(root: etree._Element, address: str) -> Mapping:
    """The tree is written out anew, so that feedparser sees no DOCTYPE and nothing that is not well-formed: in its lenient
    mode it takes quadratic time over nesting and loses the ampersands of links."""
    import feedparser  # a tenth of a second, for feeds alone

    return feedparser.parse(
        # Bytes themselves it would first take for the name of a file.
        BytesIO(_ENTITY.sub(lambda found: named_letter(found[1]), etree.tostring(root, encoding="unicode")).encode()),
        response_headers={"content-location": address, "content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,  # markup.plain takes the words alone
    )


def _item(entry: Mapping, feed: Mapping, form: str) -> Article | Lead | ReaderError:
    texts = [text for text in _get(entry, "content") or () if str(text.get("type", "text")).startswith(_TEXTUAL)]
    full = max((str(text.get("value", "")) for text in texts), key=len, default="")
    published, updated = _get(entry, "published") or _get(entry, "created"), _get(entry, "updated")
    facts = {
        "title": _get(entry, "title"),
        "author": _authors(entry, feed, form),
        "publisher": _publisher(entry, feed),
        "guid": _get(entry, "id"),
        "categories": [tag.get("label") or tag.get("term") for tag in _get(entry, "tags") or ()],
        "language": next(filter(None, (text.get("language") for text in (entry, *texts, feed))), ""),
        # In RSS a date alone (dc:date) is that of the publication; only Atom has one for changes.
        "published": published or (updated if form == "rss" else ""),
        "updated": updated,
        "expires": _get(entry, "expired") or _get(entry, "validity_end"),
    }
    further = {name: value for key, value in entry.items() if (name := key.rpartition("_")[2]) in _FURTHER}
    return item_of(form, further | facts, _address(entry, feed), full, str(_get(entry, "summary") or ""))


_TEXTUAL = ("text", "html", "xhtml", "application/xhtml", "plain")


def _get(said: Mapping, key: str) -> object:
    """Without feedparser's stand-ins: it gives the time of publication where it is asked for one of a change."""
    return dict.get(said, key)


def _address(entry: Mapping, feed: Mapping) -> str:
    """Of the article: the address before FeedBurner's, the link, else a link of its own or a guid that is an address."""
    own = (link.get("href") for link in entry.get("links", ()) if link.get("rel") in ("alternate", "self"))
    around = [link.get("href") for link in feed.get("links", ()) if link.get("rel") in ("self", "alternate")]
    guid = entry.get("id") if str(entry.get("id")).startswith("http") else ""
    given = chain((entry.get("feedburner_origlink"), entry.get("link")), own, (guid,))
    return next(filter(None, (resolved(link, *around) for link in given if link)), "")


def _authors(entry: Mapping, feed: Mapping, form: str) -> list[str]:
    """In Atom the author of the feed is that of every entry which names none (RFC 4287, 4.2.1)."""
    for said in (entry, entry.get("source") or {}, feed if form == "atom" else {}):
        if names := [name for author in said.get("authors", ()) if (name := author.get("name") or author.get("email"))]:
            return names
        if isinstance(name := said.get("author"), str) and name:
            return [name]
    return []


def _publisher(entry: Mapping, feed: Mapping) -> object:
    """An aggregator names the feed that an entry came from; otherwise this feed is the publisher."""
    source = entry.get("source")
    of_source = source.get("title") if isinstance(source, Mapping) else ""
    return of_source or _get(entry, "publisher") or feed.get("title")

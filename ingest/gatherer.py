"""Gatherer: from what was asked for (files, folders, addresses, pasted text) to items, each with the place it came from.

Feeds, lists of feeds and sitemaps give leads; those are followed through the fetcher where the user asked for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from rag.address import canonical, same_site, web_address
from rag.archive import Archive
from rag.article import Article, Status
from rag.errors import FetchError, ReaderError
from rag.input_book import Remembered

from .fetching.fetcher import Fetcher
from .field_map import FieldMap
from .lead import Lead
from .parsing.parser import Parser
from .source import Source, Unreadable
from .sources import find_sources, sources_within

# An OPML file leads to feeds, these to sitemaps or pages; nothing honest is deeper.
_DEEPEST = 4
_MOST_LEADS = 50_000
_GAPS = ("first_published", "this_version", "publisher", "bylines", "section", "language", "url", "standfirst",
         "embargoed_until", "expires", "correction", "corrected_on")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unmodified:
    """The address says that nothing has changed since it was last read."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A place was read to its end; ``said`` is what its address said of the content."""

    said: Remembered | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """One item of one place; ``raw`` are the bytes to keep should it be refused."""

    location: str
    position: int
    item: Article | ReaderError | Unmodified | Finished
    raw: bytes = b""


class Gatherer:
    """``follow``: read what leads found in files point to; those of an address that was asked for are always followed.
    ``anew``: read addresses also where they say that nothing has changed. ``kills``: whether a kill is obeyed at all."""

    def __init__(
        self,
        archive: Archive,
        *,
        readers: Iterable[str] = (),
        columns: FieldMap | None = None,
        follow: bool = False,
        fetcher: Fetcher | None = None,
        anew: bool = False,
        kills: bool = True,
    ) -> None:
        self._archive = archive
        self._readers = tuple(readers)
        self._columns = columns
        self._follow = follow
        self._fetcher = fetcher or Fetcher()
        self._open = ExitStack()
        self._anew = anew
        self._kills = kills
        self._followed: set[str] = set()
        self._failures = 0

    def __enter__(self) -> Gatherer:
        self._parser = self._open.enter_context(Parser(self._readers))
        # What a lead points to is read while the parser above is already at the next file.
        self._lead_parser = self._open.enter_context(Parser(self._readers))
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def gathered(
        self, locations: Iterable[str | Path | Source], read: Callable[[int], None] = lambda size: None
    ) -> Iterator[Gathered]:
        """Files first, in order; then the addresses. ``read`` hears how many bytes of the files were read.

        Raises WrongUse for a place that is not there.
        """
        given = list(locations)
        ready = (source for place in given if isinstance(place, Source) for source in sources_within(place))
        yield from self._read(self._prepared(ready))
        yield from self._read(self._prepared(find_sources(map(str, paths_among(given)), read)))
        for address in (place for place in given if _is_address(place)):
            yield from self._fetched(Lead(str(address)), 0)

    def again(self, location: str, position: int, raw: bytes) -> Iterator[Gathered]:
        """Reads the kept bytes of a refused record once more."""
        (source,) = self._prepared([Source(location, raw)])
        for number, item in enumerate(self._lead_parser.records(source)):
            yield from self._one(source, position + number, item, self._follow, 0)

    def _prepared(self, sources: Iterable[Source | Unreadable]) -> Iterator[Source | Unreadable]:
        for source in sources:
            mapped = self._columns and isinstance(source, Source)
            yield replace(source, columns=self._columns) if mapped else source

    def _read(self, sources: Iterator[Source | Unreadable]) -> Iterator[Gathered]:
        for source, items in groupby(self._parser.parsed(sources), key=lambda parsed: parsed[0]):
            for _, position, item in items:
                yield from self._one(source, position, item, self._follow, 0)
            yield Gathered(source.location, 0, Finished())

    def _one(
        self, source: Source | Unreadable, position: int, item: Article | Lead | ReaderError, follow: bool, depth: int
    ) -> Iterator[Gathered]:
        if isinstance(item, Lead) and follow:
            told = item.told and self._heeded(item.told, source.address)
            if isinstance(told, ReaderError):
                item = told
            else:
                yield from self._fetched(_of_its_site(item, source.address), depth)
                return
        raw = source.data
        if isinstance(item, Lead):
            item, raw = item.told or _not_followed(item), item.address.encode()
        item = self._heeded(item, getattr(source, "address", ""))
        self._failures += isinstance(item, ReaderError)
        yield Gathered(source.location, position, item, raw)

    def _heeded(self, item: Article | ReaderError, address: str) -> Article | ReaderError:
        """A kill removes for good: what comes from the web may only kill articles of its own site."""
        if isinstance(item, ReaderError) or item.status is not Status.CANCELLED:
            return item
        held = [self._archive.article(i) for i in (item.id, *self._archive.ids_also_known_as(item.id))]
        named = filter(None, [item.url, *(article.url for article in held if article)])
        if self._kills and (not address or all(same_site(address, url) for url in named)):
            return item
        cure = f"--url {item.url}" if item.url else f"--id {item.id}"
        return ReaderError(
            f"a kill that does not come from the article's own site: 'python -m rag erase {cure}' obeys it."
        )

    def _fetched(self, lead: Lead, depth: int) -> Iterator[Gathered]:
        """What stands at the address; what is told of it where nothing can be read there."""
        key = canonical(lead.address)
        if key in self._followed or depth > _DEEPEST:
            return
        if lead.told and lead.told.status is Status.CANCELLED:
            yield Gathered(lead.address, 0, lead.told)
            return
        if self._is_known(lead):
            yield Gathered(lead.address, 0, Unmodified())
            return
        if len(self._followed) >= _MOST_LEADS:
            self._failures += 1
            yield Gathered(
                lead.address, 0, ReaderError(f"more than {_MOST_LEADS:,} addresses in one run: run it again.")
            )
            return
        self._followed.add(key)
        before, known = self._failures, None if self._anew else self._archive.remembered(lead.address)
        try:
            fetched = self._fetcher.fetch(lead.address, known)
        except FetchError as refusal:
            self._failures += 1
            yield Gathered(lead.address, 0, lead.told or ReaderError(str(refusal)))
            return
        if fetched.not_modified:
            yield Gathered(lead.address, 0, Unmodified())
            return
        source = Source(lead.address, fetched.data, fetched.address, charset=fetched.charset)
        for part in self._prepared(sources_within(source)):
            yield from self._read_there(part, lead, depth)
        # A page or a feed of which something failed is read again next time, whatever its server says of changes.
        said = fetched.remembered if self._failures == before else None
        yield Gathered(source.location, 0, Finished(said))

    def _read_there(self, source: Source | Unreadable, lead: Lead, depth: int) -> Iterator[Gathered]:
        for position, item in enumerate(self._lead_parser.records(source)):
            gaps = lead.told or lead.hint
            if gaps and position == 0 and isinstance(item, Article):
                item = _filled(item, gaps)
            elif lead.told and position == 0 and isinstance(item, ReaderError):
                item = lead.told
            yield from self._one(source, position, item, True, depth + 1)

    def _is_known(self, lead: Lead) -> bool:
        """Whether the archive has the whole article in no older version than the feed tells of."""
        said = lead.told or lead.hint
        held = self._archive.article_from(lead.address) if said else None
        plain = said is not None and said.status is Status.USABLE
        return bool(held and said and plain and not held.excerpt and "" < said.updated <= held.updated)


def paths_among(locations: Iterable[str | Path | Source]) -> list[str | Path]:
    """Those that name files: neither a web address nor a source that is there already."""
    return [place for place in locations if not isinstance(place, Source) and not _is_address(place)]


def _is_address(place: str | Path | Source) -> bool:
    return isinstance(place, str) and bool(web_address(place))


def _filled(article: Article, told: Article) -> Article:
    """A page that does not say when it appeared, or by whom, has it from the feed that led to it."""
    filled = {name: getattr(told, name) for name in _GAPS if not getattr(article, name)}
    stricter = told.status if told.status in (Status.WITHHELD, Status.EMBARGOED) else article.status
    return replace(article, **filled, status=stricter)


def _of_its_site(lead: Lead, address: str) -> Lead:
    """What another site tells of an article never takes the place of the article's own text."""
    foreign = lead.told and address and not same_site(address, lead.address)
    return replace(lead, told=replace(lead.told, excerpt=True)) if foreign else lead


def _not_followed(lead: Lead) -> ReaderError:
    return ReaderError(f"this only points to {lead.address}: add --fetch to read what stands there.")

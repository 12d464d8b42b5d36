"""Web archives (WARC 0.17 to 1.1, and the older ARC), read record by record from a stream, whole or packed.

warcio and FastWARC were tried on damaged archives: warcio says nothing of a cut one (its issue 138), gives no body where
a page only says that it is chunked, and stops at gzip made of the whole file; FastWARC reads no ARC and unpacks no
body. The frame of a record is short (ISO 28500, 4 and 6), so it is read here, and pages are parted from their headers
in web_record.py.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from math import inf

from rag.errors import ReaderError

from ..clean import one_line
from ..source import Source, Unreadable
from .opened import MIB, CutOff, Damaged, Opened, joined, taken
from .web_record import WebRecord, header_lines, page_of

_LONGEST_LINE = 64 * 1024
_WARC_LINE = re.compile(rb"WARC/[01]\.\d+\s*")
_ARC_LINE = re.compile(rb"(?P<uri>[a-z][a-z0-9+.-]*:[^\r\n]*) \S+ \d{8,14} (?P<type>\S*) (?P<size>-?\w+)\s*")
_LONGEST_LABEL = 300
_HEADERS_ROOM = MIB


def sources_in_web_archive(opened: Opened) -> Iterator[Source | Unreadable]:
    """Each page under ``crawl.warc.gz!/12:https://…``, 12 being the place of its record, with its address.

    A damaged record costs itself, a missing end is told once; what is no page (a request, a picture, a redirect, what
    was fetched before) is passed over.
    """
    opened.beginning  # noqa: B018  kept before the stream goes on
    records = _Records(opened)
    found = 0
    for item in records:
        if isinstance(item, Unreadable):
            found += 1
            yield item
            continue
        for page in _page(opened, item, records.number):
            found += 1
            yield page
    if not found:
        yield opened.unreadable("there is no page in this web archive: give one that holds pages.")


def _page(opened: Opened, record: WebRecord, number: int) -> Iterator[Source | Unreadable]:
    label = f"{number}:{one_line(record.uri, _LONGEST_LABEL)}"
    try:
        page = page_of(record, opened.limits.whole)
    except ReaderError as reason:
        yield opened.unreadable(str(reason), label, record.block)
        return
    if page and page.data:
        address = record.uri if record.uri.lower().startswith(("http://", "https://")) else ""
        yield Source(f"{opened.location}!/{label}", page.data, address, charset=page.charset)


class _Records:
    """The records that may hold a page; ``number`` is the place of the last one, counted from 1."""

    def __init__(self, opened: Opened) -> None:
        self.number = 0
        self._opened = opened
        self._stream = opened.stream
        self._is_arc = opened.beginning.startswith(b"filedesc:")
        self._line = b""
        self._swallowed = b""
        if self._stream.seekable():
            self._end = self._stream.seek(0, io.SEEK_END)
            self._stream.seek(0)

    def __iter__(self) -> Iterator[WebRecord | Unreadable]:
        while True:
            try:
                self.number += 1
                line = self._line or self._next_line()
                self._line = b""
                if not line:
                    return
                if record := self._record(line):
                    yield record
                if self._swallowed:  # the record is shorter than it says
                    raise CutOff("its end is missing")
            except Damaged as damage:
                if not self._found_next(damage):
                    yield self._cut_off(damage)
                    return
                reason = f"record {self.number} is damaged ({damage}): crawl the page or fetch the archive anew."
                yield self._opened.unreadable(reason, str(self.number), b"")

    def _next_line(self) -> bytes:
        """The first line of the next record; records are parted by empty lines."""
        while line := self._stream.readline(_LONGEST_LINE):
            if line.strip():
                return line
        return b""

    def _record(self, line: bytes) -> WebRecord | None:
        if self._is_arc:
            return self._arc_record(line)
        if not _WARC_LINE.fullmatch(line):
            raise _cut_or_damaged(self._stream, line, "it does not begin as a record")
        headers = header_lines(self._stream)
        if headers is None:
            raise _cut_or_damaged(self._stream, b"", "its header does not end")
        kind, uri = headers.get("warc-type", ""), headers.get("warc-target-uri", "").strip("<>").replace(" ", "%20")
        if not kind.isalpha():
            raise Damaged("its type is not told")
        size = _size(headers.get("content-length", ""))
        block = self._block(size)
        if kind not in ("response", "resource"):
            return None
        cut = headers.get("warc-truncated", "")
        return WebRecord(uri, headers.get("content-type", ""), block, size, is_http=kind == "response", cut=cut)

    def _arc_record(self, line: bytes) -> WebRecord | None:
        if not (told := _ARC_LINE.fullmatch(line)):
            raise _cut_or_damaged(self._stream, line, "it does not begin as a record")
        uri, size = told["uri"].decode("utf-8", "replace").replace(" ", "%20"), _size(told["size"].decode())
        block = self._block(size)
        if not uri.startswith(("http:", "https:")):
            return None
        return WebRecord(uri, told["type"].decode("utf-8", "replace"), block, size, is_http=True)

    def _block(self, size: int) -> bytes:
        """What a page may need of the record; the rest of a larger one is passed over. A record that is longer than what
        is left swallows it: either the archive is cut off or the length is wrong."""
        most = self._opened.limits.whole + _HEADERS_ROOM
        if size > self._left():
            self._swallowed = taken(self._stream, min(size, most))
            return self._swallowed
        block = taken(self._stream, min(size, most))
        missing = size - len(block)
        while missing:
            passed = len(taken(self._stream, min(missing, MIB)))
            if not passed:
                self._swallowed = block
                break
            missing -= passed
        return block

    def _left(self) -> float:
        """At most how many bytes are still there."""
        return self._end - self._stream.tell() if self._stream.seekable() else inf

    def _found_next(self, damage: Damaged) -> bool:
        """Goes on to what looks like the first line of a record: past the damage, or within what a record with a wrong
        length has swallowed."""
        if isinstance(damage, CutOff) and not self._swallowed:
            return False
        if self._swallowed:
            self._stream, self._swallowed = joined(self._swallowed, self._stream), b""
        begins = _ARC_LINE if self._is_arc else _WARC_LINE
        while True:
            try:
                while line := self._stream.readline(_LONGEST_LINE):
                    if begins.fullmatch(line):
                        self._line = line
                        return True
                return False
            except Damaged:
                if not self._opened.mend():
                    return False

    def _cut_off(self, cause: Damaged) -> Unreadable:
        last = self.number - 1 if self.number else 0
        return self._opened.unreadable(
            f"the web archive is damaged or cut off after record {last} ({cause}): fetch it anew."
        )


def _size(told: str) -> int:
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise Damaged("its length is no number")
    return int(told)


def _cut_or_damaged(stream: io.BufferedReader, line: bytes, what: str) -> Damaged:
    return Damaged(what) if line.endswith(b"\n") or stream.peek(1) else CutOff(what)

"""Source: one input as bytes with the place it came from; nothing below it opens a file or a connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

from .field_map import FieldMap

KEPT_OF_UNREADABLE = 1024 * 1024
_HEAD = 4096
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PIECE = re.compile(r"!from line \d+$")
_PACKED = re.compile(r"\.(?:gz|bz2|xz)$")


@dataclass(frozen=True)
class Source:
    """``location`` is where it lay, for messages and the ledger: a path, an address, ``news.zip!/folder/page.html``,
    ``long.jsonl!from line 50001``;
    ``data`` is what lay there, unpacked. ``address`` is the web address under which the bytes were published, where
    the place itself tells it (a fetched page, a WARC record), else empty. ``columns`` are the user's own names for the
    fields of its records; ``charset`` is the encoding that a server named, heard where the bytes are no UTF-8."""

    location: str
    data: bytes
    address: str = ""
    columns: FieldMap = FieldMap()
    charset: str = ""

    @property
    def name(self) -> str:
        """The last part of the location, lower case, without ``.gz``, ``.bz2`` or ``.xz``."""
        return _PACKED.sub("", self._parts[-1].lower())

    @property
    def folder(self) -> str:
        """The last part but one of the location, or an empty string."""
        return "".join(self._parts[-2:-1])

    @property
    def _parts(self) -> list[str]:
        return _PIECE.sub("", self.location).replace("\\", "/").rstrip("/").split("/")

    @cached_property
    def text(self) -> str:
        """The data as text: UTF-8 (with or without a byte-order mark), UTF-16 with one, else the one that the server named,
        else the likeliest."""
        return _lines_ended(_decoded(self.data, self.charset))

    @cached_property
    def head(self) -> str:
        """The first characters, stripped, to tell one format from another without reading it all."""
        encoding = "utf-16" if self.data[:2] in _UTF_16 else "utf-8"
        return _lines_ended(self.data[:_HEAD].decode(encoding, "replace")).lstrip("\ufeff \t\n")


@dataclass(frozen=True)
class Unreadable:
    """An input that never became a Source; ``data`` is at most its first MiB as it lay there, for the ledger."""

    location: str
    reason: str
    data: bytes


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes, charset: str) -> str:
    if data[:2] in _UTF_16:
        return data.decode("utf-16", "replace")
    for encoding in filter(None, ("utf-8-sig", charset)):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
    best = from_bytes(data).best()
    return str(best) if best else data.decode("cp1252", "replace")

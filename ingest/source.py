"""Source: one input as bytes with the place it came from; nothing below it opens a file or a connection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

_HEAD = 4096


@dataclass(frozen=True)
class Source:
    """``location`` is a path or an address, for messages and the ledger; ``data`` is what lay there, unpacked."""

    location: str
    data: bytes

    @property
    def name(self) -> str:
        """The last part of the location, lower case, without ``.gz``."""
        return self.location.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower().removesuffix(".gz")

    @property
    def folder(self) -> str:
        """The last part but one of the location, or an empty string."""
        return "".join(self.location.replace("\\", "/").rstrip("/").split("/")[-2:-1])

    @cached_property
    def text(self) -> str:
        """The data as text: UTF-8 (with or without a byte-order mark), UTF-16 with one, else the likeliest encoding."""
        return _decoded(self.data).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def head(self) -> str:
        """The first characters, stripped, to tell one format from another without reading it all."""
        return self.data[:_HEAD].decode("utf-8", "replace").lstrip("\ufeff \t\r\n")


@dataclass(frozen=True)
class Unreadable:
    """An input that never became a Source; ``data`` is at most its first MiB as it lay there, for the ledger."""

    location: str
    reason: str
    data: bytes


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        best = from_bytes(data).best()
        return str(best) if best else data.decode("cp1252", "replace")

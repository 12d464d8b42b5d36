"""Packed data (gzip, bzip2, xz): one stream of bytes out of all its parts, inflated no faster than it is asked for."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Protocol

from .opened import Metered, Opened

_AT_A_TIME = 64 * 1024
_GZIP_MEMBER = b"\x1f\x8b\x08"
_XZ_MEMORY = 256 * 1024 * 1024  # the dictionary of `xz -9` needs 65 MiB, the largest of all 4 GiB


class _Inflater(Protocol):
    eof: bool
    needs_input: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gunzip:
    """zlib's inflater behaving as those of bz2 and lzma do."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        return not self._zlib.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _bunzip2() -> _Inflater:
    from bz2 import BZ2Decompressor

    return BZ2Decompressor()


def _unxz() -> _Inflater:
    from lzma import LZMADecompressor

    return LZMADecompressor(memlimit=_XZ_MEMORY)


_PACKINGS: dict[bytes, Callable[[], _Inflater]] = {b"\x1f\x8b": _Gunzip, b"BZh": _bunzip2, b"\xfd7zXZ\0": _unxz}


def unpacked(opened: Opened) -> Opened | None:
    """The same with its data unpacked; None where they are not packed."""
    magic = next((magic for magic in _PACKINGS if opened.beginning.startswith(magic)), None)
    if magic is None:
        return None
    inflated = _Inflated(opened.stream.read, magic)
    metered = Metered(inflated.read, opened.budget)

    def mend() -> bool:
        metered.forgive()
        return inflated.to_next_part()

    return opened.unpacked(metered, mend)


class _Inflated:
    """The parts (gzip's members, the streams of bzip2 and xz) one after the other; zeros after one are padding."""

    def __init__(self, read: Callable[[int], bytes], magic: bytes) -> None:
        self._packed = read
        self._magic = magic
        self._inflater: _Inflater | None = None
        self._waiting = b""
        self._given = b""

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, none at the end. Raises EOFError where the end is missing, else what zlib raises."""
        while self._inflater or self._is_at_part():
            inflater = self._inflater = self._inflater or _PACKINGS[self._magic]()
            piece, hungry = b"", inflater.needs_input
            if hungry and (piece := self._waiting or self._packed(_AT_A_TIME)):
                self._given, self._waiting = piece, b""
            inflated = inflater.decompress(piece, size)
            if inflater.eof:
                self._waiting, self._inflater = inflater.unused_data, None
            elif hungry and not piece and not inflated:
                raise EOFError("its end is missing")
            if inflated:
                return inflated
        return b""

    def _is_at_part(self) -> bool:
        self._waiting = self._waiting.lstrip(b"\0")
        while len(self._waiting) < len(self._magic) and (more := self._packed(_AT_A_TIME)):
            self._waiting = (self._waiting + more).lstrip(b"\0")
        if self._waiting and not self._waiting.startswith(self._magic):
            self._given = self._waiting
            raise OSError("something else follows the packed data")
        return bool(self._waiting)

    def to_next_part(self) -> bool:
        """Past a damaged gzip member to what looks like the next; of bzip2 and xz there is hardly ever a next."""
        rest, self._inflater = self._given[1:], None
        while self._magic == _GZIP_MEMBER[:2]:
            if (at := rest.find(_GZIP_MEMBER)) >= 0:
                self._waiting = rest[at:]
                return True
            if not (more := self._packed(_AT_A_TIME)):
                break
            rest = rest[-2:] + more
        self._waiting = b""
        return False

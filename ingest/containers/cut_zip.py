"""A ZIP without the directory at its end, as a broken download leaves it: its members as they follow each other.

zipfile reads no such file. The layout is that of PKWARE's APPNOTE, sections 4.3.7 (local header) and 4.3.9 (descriptor).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .opened import Budget

_HEADER = struct.Struct("<4sHHHHHLLLHH")
_MEMBER, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZE_FOLLOWS, _UTF_8 = 1, 8, 0x800
_AT_A_TIME = 64 * 1024
_IN_EXTRA, _EXTRA_64 = 0xFFFFFFFF, 1


@dataclass(frozen=True, slots=True)
class CutMember:
    """``fault`` says, with its cure, why there are no data."""

    name: str
    data: bytes = b""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    flags: int
    method: int
    crc: int
    packed_size: int


def cut_members(file: io.BufferedIOBase, limit: int, budget: Budget) -> Iterator[CutMember]:
    """Every member that is whole, and each damaged one that others follow; ends where the file is cut."""
    while header := _next_header(file):
        start = file.tell()
        if header.flags & _ENCRYPTED or header.method not in (_STORED, _DEFLATED):
            yield CutMember(header.name, fault="it is encrypted or packed in a way that is not read: pack it anew.")
            file.seek(start + header.packed_size)
            continue
        try:
            data = _inflated(file, limit, budget) if header.method == _DEFLATED else _stored(file, header, limit)
        except EOFError:
            return
        except (zlib.error, ValueError) as cause:
            yield CutMember(header.name, fault=f"the ZIP is damaged here ({cause}): fetch it anew.")
            file.seek(start)
            continue
        if zlib.crc32(data) != _checksum(file, header):
            yield CutMember(header.name, fault="the ZIP is damaged here (wrong checksum): fetch it anew.")
        elif len(data) > limit:
            yield CutMember(header.name, fault="it is too large to be read out of a cut ZIP: fetch that anew.")
        else:
            yield CutMember(header.name, data)


def _next_header(file: io.BufferedIOBase) -> _Header | None:
    """The next local header from here on; the file is left behind it, where the data of the member begin."""
    while (at := _find(file, _MEMBER)) is not None:
        file.seek(at)
        fixed = file.read(_HEADER.size)
        if len(fixed) < _HEADER.size:
            return None
        _, _, flags, method, _, _, crc, packed, _, name_size, extra_size = _HEADER.unpack(fixed)
        name, extra = file.read(name_size), file.read(extra_size)
        if len(name) < name_size or len(extra) < extra_size:
            return None
        text = name.decode("utf-8" if flags & _UTF_8 else "cp437", "replace")
        return _Header(text, flags, method, crc, _size_64(extra) if packed == _IN_EXTRA else packed)
    return None


def _find(file: io.BufferedIOBase, signature: bytes) -> int | None:
    place, kept = file.tell(), b""
    while piece := file.read(_AT_A_TIME):
        if (at := (kept + piece).find(signature)) >= 0:
            return place - len(kept) + at
        place += len(piece)
        kept = (kept + piece)[-len(signature) + 1 :]
    return None


def _size_64(extra: bytes) -> int:
    """Zip64 keeps the sizes of a large member in an extra field: first that of the data, then that of the packed."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _EXTRA_64 and size >= 16 and at + 20 <= len(extra):
            return struct.unpack_from("<Q", extra, at + 12)[0]
        at += 4 + size
    return 0


def _stored(file: io.BufferedIOBase, header: _Header, limit: int) -> bytes:
    if header.flags & _SIZE_FOLLOWS and not header.packed_size:
        raise ValueError("its size is not told")
    if header.packed_size > limit:
        raise ValueError("it is too large")
    data = file.read(header.packed_size)
    if len(data) < header.packed_size:
        raise EOFError
    return data


def _inflated(file: io.BufferedIOBase, limit: int, budget: Budget) -> bytes:
    """The member's data and the file behind them; raises ValueError where they are larger than ``limit``."""
    inflater, data = zlib.decompressobj(-15), bytearray()
    while not inflater.eof:
        piece = inflater.unconsumed_tail or file.read(_AT_A_TIME)
        inflated = inflater.decompress(piece, _AT_A_TIME * 16)
        if not piece and not inflated and not inflater.eof:
            raise EOFError
        budget.spend(len(inflated))
        data += inflated
        if len(data) > limit:
            raise ValueError("it is too large")
    file.seek(-len(inflater.unused_data), io.SEEK_CUR)
    return bytes(data)


def _checksum(file: io.BufferedIOBase, header: _Header) -> int:
    """From the header, or from the descriptor behind the data where the writer could not know it before."""
    if not header.flags & _SIZE_FOLLOWS:
        return header.crc
    start = file.read(4)
    if start == _DESCRIPTOR:
        start = file.read(4)
    return int.from_bytes(start, "little")

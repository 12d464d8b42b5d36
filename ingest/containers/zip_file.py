"""ZIP files: their members one after the other, also those of one whose end is missing."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from functools import partial
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..source import Source, Unreadable
from . import sources_in
from .cut_zip import cut_members
from .names import Labels, parts_of, passed_over
from .opened import Opened, taken

# The directory at the end of a ZIP is held in memory: 400,000 members at most, of usual names.
_LARGEST_DIRECTORY = 32 * 1024 * 1024
_DIRECTORY_ENDS, _LONGEST_COMMENT = b"PK\x05\x06", 65_557
_DIRECTORY_64_ENDS = b"PK\x06\x06"
_OFFICE = {"[Content_Types].xml", "mimetype"}
# zipfile inflates these without a bound: what 4 KiB of them can become is the bound then.
_UNBOUNDED_STEP = 4096
_ENCRYPTED = 1
_OFFICE_CURE = "this is an office document: save it as plain text or HTML."


def sources_in_zip(opened: Opened) -> Iterator[Source | Unreadable]:
    """Members are read where the directory of the ZIP says that they are; without one, as they follow each other."""
    file = _seekable(opened)
    if file is None:
        yield opened.too_large()
        return
    if _directory_size(file) > _LARGEST_DIRECTORY:
        yield opened.unreadable("it holds too many files for one ZIP: split it into smaller ones.")
        return
    try:
        directory = ZipFile(file)
    except (BadZipFile, OSError, ValueError, struct.error, NotImplementedError, OverflowError):
        yield from _without_directory(opened, file)
        return
    with directory:
        yield from _with_directory(opened, directory)


def _with_directory(opened: Opened, directory: ZipFile) -> Iterator[Source | Unreadable]:
    infos = directory.infolist()
    if _OFFICE & {info.filename for info in infos[:1]} or "[Content_Types].xml" in directory.NameToInfo:
        yield opened.unreadable(_OFFICE_CURE)
        return
    labels = Labels()
    for info in infos:
        parts = parts_of(info.filename)
        if info.is_dir() or any(map(passed_over, parts)):
            continue
        yield from _member(opened, directory, info, labels.label(parts))
    if not labels.count:
        yield opened.unreadable("there is no news in this ZIP: give one that holds files.")


def _member(opened: Opened, directory: ZipFile, info: ZipInfo, label: str) -> Iterator[Source | Unreadable]:
    if info.flag_bits & _ENCRYPTED:
        yield opened.unreadable("it is encrypted: unpack the ZIP with its password and give the files.", label, b"")
        return
    try:
        stream = directory.open(info)
    except (NotImplementedError, RuntimeError) as cause:
        yield opened.unreadable(f"it is packed in a way that is not read ({cause}): pack it anew.", label, b"")
        return
    except (BadZipFile, OSError, ValueError, EOFError, struct.error) as cause:
        yield opened.unreadable(f"the ZIP is damaged here ({cause}): fetch it anew.", label, b"")
        return
    with stream:
        bounded = info.compress_type in (ZIP_STORED, ZIP_DEFLATED)
        read = stream.read if bounded else partial(_in_small_steps, stream)
        yield from sources_in(opened.member(label, read, opened.budget))


def _in_small_steps(stream: io.BufferedIOBase, size: int) -> bytes:
    return stream.read(min(size, _UNBOUNDED_STEP))


def _without_directory(opened: Opened, file: io.BufferedIOBase) -> Iterator[Source | Unreadable]:
    file.seek(0)
    labels = Labels()
    for member in cut_members(file, opened.limits.whole, opened.budget):
        parts = parts_of(member.name)
        if not labels.count and member.name in _OFFICE:
            yield opened.unreadable(_OFFICE_CURE)
            return
        if member.name.endswith("/") or any(map(passed_over, parts)):
            continue
        label = labels.label(parts)
        if member.fault:
            yield opened.unreadable(member.fault, label, b"")
        else:
            yield from sources_in(opened.member(label, io.BytesIO(member.data).read))
    yield opened.unreadable(f"the ZIP is damaged or cut off; {labels.count} of its files are there: fetch it anew.")


def _seekable(opened: Opened) -> io.BufferedIOBase | None:
    """zipfile jumps to and fro: what comes as a stream is held, if it is no larger than an input may be."""
    if opened.stream.seekable():
        return opened.stream
    data = taken(opened.stream, opened.limits.whole + 1)
    return io.BytesIO(data) if len(data) <= opened.limits.whole else None


def _directory_size(file: io.BufferedIOBase) -> int:
    """What the end of the ZIP says of its directory's size in bytes; 0 where it says nothing."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LONGEST_COMMENT))
    tail = file.read()
    at, at64 = tail.rfind(_DIRECTORY_ENDS), tail.rfind(_DIRECTORY_64_ENDS)
    if 0 <= at64 <= len(tail) - 48:
        return struct.unpack_from("<Q", tail, at64 + 40)[0]
    return struct.unpack_from("<L", tail, at + 12)[0] if 0 <= at <= len(tail) - 16 else 0

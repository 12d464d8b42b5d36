"""tar files, read as a stream: ordinary files only, in their order; links and devices are never followed or made."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator

from ..source import Source, Unreadable
from . import sources_in
from .names import Labels, parts_of, passed_over
from .opened import Damaged, Opened, said, taken

_BLOCK = 512
_MAGIC = slice(257, 262)
# Long names and extended headers are held in memory by tarfile, whatever size they claim.
_LONGEST_HEADER = 1024 * 1024
_HEADERS = {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
            tarfile.SOLARIS_XHDTYPE}  # fmt: skip

_ORDINARY = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}


def is_tar(beginning: bytes) -> bool:
    if len(beginning) < _BLOCK:
        return False
    try:
        tarfile.TarInfo.frombuf(beginning[:_BLOCK], "utf-8", "surrogateescape")  # raises where the checksum is wrong
    except (tarfile.TarError, ValueError):
        return beginning[_MAGIC] == b"ustar"
    return True


def sources_in_tar(opened: Opened) -> Iterator[Source | Unreadable]:
    """One member at a time; what is damaged costs the member that it is in, a cut the one that it is in."""
    opened.beginning  # noqa: B018  kept before the stream goes on
    labels = Labels()
    try:
        # ignore_zeros leads tarfile past a damaged header to the next, and through tars put behind each other.
        tar = _Tar.open(fileobj=_Whole(opened), mode="r|", tarinfo=_Member, ignore_zeros=True)
        yield from _members(opened, tar, labels)
        why = tar.damaged or ("" if tar.ended else "its end is missing")
    except (tarfile.TarError, ValueError, RecursionError, Damaged) as cause:
        why = said(cause)
    except _Cut as cut:
        if cut.opened is not opened:
            raise
        why = str(cut)
    if why:
        files = f"{labels.count} of its files are there"
        yield opened.unreadable(f"the tar is damaged or cut off ({why}); {files}: fetch it anew.")
    elif not labels.count:
        yield opened.unreadable("there is no news in this tar: give one that holds files.")


class _Whole:
    """What tarfile reads from: of a stream that breaks off, all that came before."""

    def __init__(self, opened: Opened) -> None:
        self._stream = opened.stream

    def read(self, size: int) -> bytes:
        return taken(self._stream, size)


class _Cut(Exception):
    """The tar breaks off within a member: that is told once, of the tar."""

    def __init__(self, cause: Exception, opened: Opened) -> None:
        super().__init__(said(cause))
        self.opened = opened


class _Tar(tarfile.TarFile):
    """Knows whether it came to its end, and whether it met damage before: tarfile itself ends in silence."""

    ended = False
    damaged = ""


class _Member(tarfile.TarInfo):
    @classmethod
    def fromtarfile(cls, tar: _Tar) -> _Member:
        try:
            member = super().fromtarfile(tar)
        except tarfile.EOFHeaderError:
            tar.ended = True
            raise
        except tarfile.HeaderError as cause:
            if not tar.ended and not isinstance(cause, tarfile.EmptyHeaderError):
                tar.damaged = said(cause)
            raise
        tar.ended = False
        return member

    def _proc_member(self, tar: _Tar) -> _Member:
        if self.size < 0 or (self.type in _HEADERS and self.size > _LONGEST_HEADER):
            raise tarfile.ReadError("a header of an impossible size")
        if self.type == tarfile.GNUTYPE_SPARSE:  # its map may be of any length
            return self._proc_builtin(tar)
        return super()._proc_member(tar)

    def _proc_gnusparse_10(self, *_: object) -> None:
        raise tarfile.ReadError("a sparse file")


def _members(opened: Opened, tar: _Tar, labels: Labels) -> Iterator[Source | Unreadable]:
    while member := tar.next():
        tar.members.clear()  # it keeps them all
        parts = parts_of(member.name)
        if member.type in _ORDINARY and not any(map(passed_over, parts)):
            yield from sources_in(opened.member(labels.label(parts), _reading(opened, tar, member)))


def _reading(opened: Opened, tar: _Tar, member: tarfile.TarInfo) -> Callable[[int], bytes]:
    file = tar.extractfile(member)

    def read(size: int) -> bytes:
        try:
            return file.read(size)
        except (tarfile.TarError, Damaged) as cause:
            raise _Cut(cause, opened) from cause

    return read

"""Opened: a file, or a member of a container, as a stream that is read once, and how much may be made of it."""

from __future__ import annotations

import io
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from zipfile import BadZipFile

from ..clean import one_line
from ..source import KEPT_OF_UNREADABLE, Unreadable

MIB = 1024 * 1024
# What the unpackers of the standard library raise on a stranger's bytes.
_FAULTS = (OSError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, BadZipFile)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one input in memory; bytes of a piece of a larger one, if it has lines; what one file may inflate to:
    ``inflated`` bytes, or ``ratio`` times its own size where that is more (pages of one site pack to a hundredth, a
    bomb to a thousandth); how many containers may lie in one another."""

    whole: int = 64 * MIB
    piece: int = 16 * MIB
    inflated: int = 256 * MIB
    ratio: int = 200
    depth: int = 3


class Damaged(Exception):
    """The bytes end early or are none of their format; the message says what the unpacker said."""


class CutOff(Damaged):
    """The end is missing; what came before it is whole."""


class Overspent(Exception):
    """A file inflates to more than it may; nothing more is read of it."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still come of inflating one file and all that is in it."""

    left: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Overspent


@dataclass(frozen=True)
class Opened:
    """``stream`` is at its beginning; ``mend`` leads it past damage, where that can be, and says whether it did;
    ``depth`` is how many containers lie around it."""

    location: str
    stream: io.BufferedReader
    budget: Budget
    limits: Limits = Limits()
    depth: int = 0
    packed: bool = False
    mend: Callable[[], bool] = field(default=lambda: False)

    @cached_property
    def beginning(self) -> bytes:
        """At most the first MiB; to be asked for before anything is read. Empty where already that is damaged."""
        try:
            return self.stream.peek(1)[:KEPT_OF_UNREADABLE]
        except Damaged:
            return b""

    def unreadable(self, reason: str, label: str = "", data: bytes | None = None) -> Unreadable:
        """``reason`` ends with the cure and comes behind the place; ``label`` is that of a part of it."""
        place = f"{self.location}!/{label}" if label else self.location
        return Unreadable(place, f"{place}: {reason}", (self.beginning if data is None else data)[:KEPT_OF_UNREADABLE])

    def too_large(self) -> Unreadable:
        verb = "inflates to" if self.packed else "is"
        return self.unreadable(f"it {verb} more than {self.limits.whole // MIB} MiB: split it into smaller files.")

    def member(self, label: str, read: Callable[[int], bytes], budget: Budget | None = None) -> Opened:
        stream = io.BufferedReader(Metered(read, budget), MIB)
        return Opened(f"{self.location}!/{label}", stream, self.budget, self.limits, self.depth + 1, bool(budget))

    def unpacked(self, stream: io.RawIOBase, mend: Callable[[], bool]) -> Opened:
        return replace(self, stream=io.BufferedReader(stream, MIB), packed=True, mend=mend)


class Metered(io.RawIOBase):
    """Reads through ``read`` as much as it is asked for, counts it, and raises Damaged whatever the fault was: first it
    hands over what came before that."""

    def __init__(self, read: Callable[[int], bytes], budget: Budget | None) -> None:
        self._read = read
        self._budget = budget
        self._damage: Damaged | None = None

    def readable(self) -> bool:
        return True

    def forgive(self) -> None:
        """Reads on behind damage."""
        self._damage = None

    def readinto(self, buffer: memoryview) -> int:
        view, filled = memoryview(buffer), 0
        while filled < len(view) and not self._damage:
            piece = self._piece(len(view) - filled)
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        if not filled and self._damage:
            raise self._damage
        return filled

    def _piece(self, size: int) -> bytes:
        try:
            piece = self._read(size)
        except Damaged as damage:
            self._damage = damage
        except EOFError as cause:
            self._damage = CutOff(said(cause))
        except _FAULTS as cause:
            self._damage = Damaged(said(cause))
        else:
            if self._budget:
                self._budget.spend(len(piece))
            return piece
        return b""


def taken(stream: io.BufferedReader, size: int) -> bytes:
    """At most ``size`` bytes, as many as come before the end or before damage: that is raised by the next call."""
    held = bytearray()
    while len(held) < size:
        try:
            piece = stream.read1(size - len(held))
        except Damaged:
            if held:
                break
            raise
        if not piece:
            break
        held += piece
    return bytes(held)


def joined(data: bytes, stream: io.BufferedReader) -> io.BufferedReader:
    """The stream as it was before ``data`` was read of it."""
    ahead = io.BytesIO(data)
    return io.BufferedReader(Metered(lambda size: ahead.read(size) or stream.read1(size), None), MIB)


def said(cause: Exception) -> str:
    return one_line(str(cause), 120).rstrip(".:") or type(cause).__name__

"""Long files of lines (JSON lines, CSV): read piece by piece, each of whole lines and no larger than an input may be."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum

from ..source import Source, Unreadable
from .opened import MIB, CutOff, Damaged, Limits, Opened, joined, taken

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINED = (".jsonl", ".ndjson", ".jsonlines")
# How far a piece is lengthened to its next line end outside of quotes.
_LONGEST_ROW = MIB
_TOO_LONG = "this line is longer than"


class Kind(Enum):
    RECORDS = "JSON lines"
    TABLE = "CSV"


def kind_of_lines(location: str, beginning: bytes) -> Kind | None:
    """Whether what begins so can be parted between lines; ``beginning`` is about a MiB."""
    from ..readers.csv_table import CsvTable

    if beginning.startswith(_UTF_16):  # a line end is more than one byte there
        return None
    source = Source(location, beginning)
    if source.name.endswith(_LINED) or _is_record(beginning.removeprefix(_BYTE_ORDER_MARK).lstrip().split(b"\n")[0]):
        return Kind.RECORDS
    return Kind.TABLE if CsvTable().accepts(source) else None


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def pieces(opened: Opened, data: bytes, kind: Kind) -> Iterator[Source | Unreadable]:
    """``data`` is what was read already. The label of a piece is its first line, so that it stays when lines are added
    at the end; each piece of a table begins with the table's header."""
    stream = joined(data, opened.stream)
    del data
    header = _header(stream) if kind is Kind.TABLE else b""
    number = 1 + header.count(b"\n")
    for block, damage in _blocks(stream, opened.limits, kind):
        end = len(block) if not damage else block.rfind(b"\n") + 1
        if end:
            yield Source(f"{opened.location}!from line {number}", header + bytes(block[:end]))
        number += block.count(b"\n", 0, end)
        if damage:
            yield _lost(opened, number, damage, bytes(block[end : end + MIB]))
            number += 1


def cut_lines(opened: Opened, data: bytes, cut: CutOff) -> Iterator[Source | Unreadable]:
    """The whole lines of a packed file whose end is missing, and word of the others."""
    end = data.rfind(b"\n") + 1
    yield Source(opened.location, data[:end])
    yield _lost(
        opened, data.count(b"\n") + 1, f"the packed data are cut off here ({cut}): fetch the file anew.", data[end:]
    )


def _lost(opened: Opened, number: int, reason: str, data: bytes) -> Unreadable:
    place = f"{opened.location}!from line {number}"
    return Unreadable(place, f"{place}: {reason}", data[:MIB])


def _blocks(stream: io.BufferedReader, limits: Limits, kind: Kind) -> Iterator[tuple[bytearray, str]]:
    """Whole lines, and what is wrong with a last one that is none: it is too long, or the data end there."""
    damage = ""
    while not damage or damage.startswith(_TOO_LONG):
        block, damage = bytearray(), ""
        try:
            block += taken(stream, limits.piece)
            block += stream.readline(max(1, limits.whole - limits.piece))
            if kind is Kind.TABLE:
                _to_end_of_row(stream, block)
            if not block:
                return
            if not block.endswith(b"\n") and stream.peek(1):
                damage = f"{_TOO_LONG} {limits.whole // MIB} MiB: shorten it."
        except Damaged as cause:
            damage = f"the data are damaged or cut off here ({cause}): fetch the file anew."
        yield block, damage
        if damage.startswith(_TOO_LONG):
            _skip_line(stream)


def _to_end_of_row(stream: io.BufferedReader, block: bytearray) -> None:
    """A cell in quotes may hold line ends: a row ends at one with an even number of quotes before it."""
    quotes, most = block.count(b'"'), len(block) + _LONGEST_ROW
    while quotes % 2 and len(block) < most and (line := stream.readline(_LONGEST_ROW)):
        block += line
        quotes += line.count(b'"')


def _header(stream: io.BufferedReader) -> bytes:
    """The names of the columns, with Excel's ``sep=`` line above them."""
    header = bytearray(stream.readline(_LONGEST_ROW))
    if header.removeprefix(_BYTE_ORDER_MARK)[:5].lower().strip(b'"').startswith(b"sep="):
        header += stream.readline(_LONGEST_ROW)
    _to_end_of_row(stream, header)
    return bytes(header)


def _skip_line(stream: io.BufferedReader) -> None:
    with suppress(Damaged):  # the next block tells
        while (part := stream.readline(MIB)) and not part.endswith(b"\n"):
            pass

"""CsvRows: the rows of a table as text, each with the text it stood in, so that a broken one costs itself alone.

Python's csv reads a row; what is here is where a row begins. A quote that does not close swallows the rows below it:
then the reading goes on at the next line that begins a whole row, and what lies before it is the broken one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock

from rag.errors import ReaderError

from ..clean import MAX_BODY
from .fields import SPELLINGS, spelled

_LONGEST_FIELD = 4 * MAX_BODY
# csv keeps one limit for the whole process: it is ours only while a row is read.
_LIMIT = Lock()
# Whatever the quotes look like, the text is read in vain so many times at most (or so many characters).
_IN_VAIN, _ALWAYS_ALLOWED = 16, 4_000_000
# What stands in them tells a row from a line of prose.
_TELLING = {spelling for concept in ("url", "guid", "id", "first_published") for spelling in SPELLINGS[concept]} | {""}


@dataclass(frozen=True)
class Row:
    """``end`` is where the next one begins; ``fault`` says why it could not be read, then without cells."""

    cells: list[str]
    text: str
    end: int
    fault: str = ""

    @property
    def raw(self) -> bytes:
        return self.text.encode("utf-8", "backslashreplace")

    @property
    def spans(self) -> bool:
        """Whether it goes on over a line's end."""
        return "\n" in self.text.rstrip("\n")


def first_row(text: str, start: int, delimiter: str) -> Row:
    """The row at ``start``, its cells stripped: the header."""
    row = _row(text, start, delimiter)
    cells = row.cells or text[start : start + 1000].partition("\n")[0].split(delimiter)
    return Row([cell.strip(" \t\ufeff\0") for cell in cells], row.text, row.end)


class CsvRows:
    """The rows from ``start`` on; iterating yields a Row, or a ReaderError for a broken one."""

    def __init__(self, text: str, delimiter: str, header: list[str], start: int) -> None:
        self._text = text
        self._delimiter = delimiter
        self._width = len(header)
        self._telling = [at for at, name in enumerate(header) if spelled(name) in _TELLING]
        self._quoted = text.startswith('"')  # a header in quotes: then every row begins with one
        self._start = start
        self._model: Row | None = None
        self._allowed = max(_IN_VAIN * len(text), _ALWAYS_ALLOWED)
        self._line, self._counted = 1, 0

    def __iter__(self) -> Iterator[Row | ReaderError]:
        at = self._start
        while at < len(self._text):
            row = self._read(at)
            following = self._mended(at, row)
            if following is not None:
                yield self._broken(
                    at, row.fault or "a quote in it takes the rows below it in", self._text[at:following]
                )
            elif len(row.cells) > self._width and any(row.cells[self._width :]):
                count = f"{len(row.cells)} cells for {self._width} columns"
                yield self._broken(at, count, row.text)
            elif any(cell.strip(" \0") for cell in row.cells):
                self._model = row if len(row.cells) == self._width else self._model
                yield row
            at = row.end if following is None else following

    def _read(self, at: int) -> Row:
        """The row at this place as its quotes have it; where they make no sense, with backslashes before quotes, and
        for tabs as a line without quotes."""
        row = _row(self._text, at, self._delimiter)
        if not row.fault:
            return row
        escaped = _row(self._text, at, self._delimiter, escape="\\")
        self._allowed -= len(row.text) + len(escaped.text)
        if len(escaped.cells) == self._width:
            return escaped
        end = self._line_end(at)
        cells = self._text[at:end].rstrip("\n").split(self._delimiter)
        unquoted = self._delimiter == "\t" and len(cells) == self._width
        return Row(cells, self._text[at:end], end) if unquoted else row

    def _mended(self, at: int, row: Row) -> int | None:
        """Where the first whole row behind a broken one begins; None where the row is not broken."""
        if not row.fault and (len(row.cells) == self._width or not row.spans):
            return None
        until = len(self._text) if row.fault else row.end
        following = self._line_end(at)
        while following < until and self._allowed > 0:
            end = self._line_end(following)
            if self._may_begin(following, end):
                if self._is_whole(candidate := self._read(following)):
                    return following
                self._allowed -= len(candidate.text)
            following = end
        return len(self._text) if row.fault else None

    def _may_begin(self, at: int, end: int) -> bool:
        """Whether a row can begin with this line, told without reading it."""
        delimiters = self._text.count(self._delimiter, at, end)
        return delimiters == self._width - 1 or self._text.find('"', at, end) >= 0

    def _is_whole(self, row: Row) -> bool:
        if len(row.cells) != self._width or (self._quoted and not row.text.startswith('"')):
            return False
        if self._quoted or self._model is None:
            return True
        pairs = [(row.cells[at], self._model.cells[at]) for at in self._telling]
        return all(not (mine and theirs) or _looks(mine) == _looks(theirs) for mine, theirs in pairs)

    def _line_end(self, at: int) -> int:
        return self._text.find("\n", at) + 1 or len(self._text)

    def _broken(self, at: int, fault: str, text: str) -> ReaderError:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return ReaderError(
            f"line {self._line}: {fault}: put the cells in quotes, double the quotes within.",
            text.encode("utf-8", "backslashreplace"),
        )


def _looks(cell: str) -> str:
    return "address" if cell.startswith("http") else "figure" if cell[:1].isdigit() else "words"


def _row(text: str, start: int, delimiter: str, escape: str | None = None) -> Row:
    end = start

    def lines() -> Iterator[str]:
        nonlocal end
        while end < len(text):
            begin, end = end, text.find("\n", end) + 1 or len(text)
            yield text[begin:end]

    reader = csv.reader(lines(), delimiter=delimiter, strict=True, escapechar=escape)
    with _LIMIT:
        usual = csv.field_size_limit(_LONGEST_FIELD)
        try:
            return Row(next(reader, []), text[start:end], end)
        except csv.Error as cause:
            return Row([], text[start:end], end, str(cause))
        finally:
            csv.field_size_limit(usual)

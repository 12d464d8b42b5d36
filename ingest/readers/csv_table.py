"""Tables as text, one article a row: cells parted by commas, tabs, semicolons or bars, in quotes where they need them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.article import Article
from rag.errors import ReaderError

from ..field_map import FieldMap
from ..source import Source
from .csv_rows import CsvRows, Row, first_row
from .fields import knows
from .table import article_of_row, lacking

_NAMES = (".csv", ".tsv", ".tab")
_DELIMITERS = ",\t;|"
# Excel's own first line.
_SEPARATOR = re.compile(r'"?sep=(?P<delimiter>[,;|\t])"?[ \t]*\n', re.IGNORECASE)
_LONGEST_NAME = 60


class CsvTable:
    name = "csv"

    def accepts(self, source: Source) -> bool:
        """By name, or by a first line that names a headline and a body, with a line in the same cells below it."""
        if source.name.endswith(_NAMES):
            return True
        text = source.head
        if text.startswith(("<", "{", "[")):
            return False
        delimiter, start = _delimiter(text, source.columns)
        names = first_row(text, start, delimiter).cells
        second_line = text[start:].partition("\n")[2].partition("\n")[0]
        is_header = not lacking(names, source.columns) and max(map(len, names)) <= _LONGEST_NAME
        return is_header and delimiter in second_line

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        """One item for each row. A broken row, such as one whose quotes do not close, costs itself."""
        text = source.text.lstrip("\ufeff \n\0")
        delimiter, start = _delimiter(text, source.columns)
        first = first_row(text, start, delimiter)
        header = _header(first.cells, source.columns)
        rows = CsvRows(text, delimiter, header, first.end if header == first.cells else start)
        found = False
        for row in rows:
            found = True
            yield row if isinstance(row, ReaderError) else _article(row, header, source.columns)
        if not found:
            yield ReaderError("the table has a header and no row below it: give the articles too.")


def _article(row: Row, header: list[str], columns: FieldMap) -> Article | ReaderError:
    record: dict[str, str] = {}
    for name, cell in zip(header, row.cells, strict=False):
        record[name] = record.get(name) or cell  # of two columns of one name the first that says something
    return article_of_row("csv", record, columns, row.raw)


def _delimiter(text: str, columns: FieldMap) -> tuple[str, int]:
    """What parts the cells, and where the first row begins: the delimiter that makes the most names we know."""
    if said := _SEPARATOR.match(text):
        return said["delimiter"], said.end()

    def names(delimiter: str) -> tuple[int, int]:
        cells = first_row(text, 0, delimiter).cells
        return sum(knows(cell) or columns.names({cell: ""}) for cell in cells), len(cells)

    return max(_DELIMITERS, key=names), 0


def _header(first: list[str], columns: FieldMap) -> list[str]:
    """The names of the columns: the first row, or numbers from 1 where the user's map gives numbers (AG News has no
    header); raises ReaderError where neither leads to a headline and a body."""
    numbers = [str(number) for number in range(1, len(first) + 1)]
    if reason := lacking(first, columns):
        if lacking(numbers, columns):
            raise ReaderError(reason)
        return numbers
    return first

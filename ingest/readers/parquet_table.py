"""Parquet tables, as researchers publish sets of news: one article a row. Needs the extra ``parquet`` (pyarrow)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from rag.article import Article
from rag.errors import MissingExtra, ReaderError

from ..clean import one_line
from ..field_map import FieldMap
from ..source import Source
from .fields import knows
from .table import article_of_row, lacking

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

MAGIC = b"PAR1"
# Few, since each may carry megabytes, and a dictionary page lets a small file unfold to many times its size.
_ROWS_AT_A_TIME = 64
_MOST_UNFOLDED = 4 * 1024**3
_DEPTH = 5


class ParquetTable:
    name = "parquet"

    def accepts(self, source: Source) -> bool:
        return source.data.startswith(MAGIC)

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        """One item for each row; a damaged row group costs its rows. Raises ReaderError where pyarrow is missing."""
        table = _opened(source.data)
        names = table.schema_arrow.names
        if reason := lacking(names, source.columns):
            raise ReaderError(reason)
        wanted = [name for name in names if _is_wanted(name, source.columns)]
        for group in range(table.num_row_groups):
            for row in _rows(table, group, wanted):
                yield row if isinstance(row, ReaderError) else article_of_row("parquet", row, source.columns, _raw(row))
        if not table.metadata.num_rows:
            yield ReaderError("the table has no rows: give the articles too.")


def _opened(data: bytes) -> ParquetFile:
    try:
        from pyarrow import ArrowException, BufferReader
        from pyarrow.parquet import ParquetFile
    except ImportError as cause:
        raise ReaderError(str(MissingExtra("Parquet", "dateline-news[parquet]"))) from cause
    try:
        table = ParquetFile(BufferReader(data), pre_buffer=False, page_checksum_verification=True)
        names = table.schema_arrow.names  # the schema can be broken where the rest is whole
    except (ArrowException, OSError, ValueError, KeyError, TypeError) as cause:
        reason = f"the Parquet table is damaged or cut off ({_said(cause)}): fetch the file anew."
        raise ReaderError(reason) from cause
    groups = [table.metadata.row_group(group) for group in range(table.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > _MOST_UNFOLDED or not names:
        raise ReaderError("the Parquet table unfolds to more than 4 GiB or has no columns: split it into smaller ones.")
    return table


def _is_wanted(name: str, columns: FieldMap) -> bool:
    """Pictures and vectors, which such tables also hold, stay packed."""
    return knows(name) or any(column.split(".")[0].casefold() == name.casefold() for _, column in columns.columns)


def _rows(table: ParquetFile, group: int, wanted: list[str]) -> Iterator[dict[str, object] | ReaderError]:
    done, whole = 0, table.metadata.row_group(group).num_rows
    try:
        batches = table.iter_batches(_ROWS_AT_A_TIME, row_groups=[group], columns=wanted, use_threads=False)
        for batch in batches:
            yield from _unpacked(batch)
            done += batch.num_rows
    except (OSError, ValueError, ArithmeticError, MemoryError, NotImplementedError) as cause:  # Arrow's own are these
        yield ReaderError(
            f"{whole - done} rows of row group {group + 1} are damaged ({_said(cause)}): fetch the file anew."
        )


def _unpacked(batch: RecordBatch) -> Iterator[dict[str, object]]:
    """One row after the other: a whole batch as Python objects would hold each repeated text many times."""
    for row in range(batch.num_rows):
        yield {name: _cell(column[row]) for name, column in zip(batch.schema.names, batch.columns, strict=True)}


def _cell(scalar: object) -> object:
    try:
        return _worded(scalar.as_py())
    except UnicodeDecodeError:
        text = scalar.as_buffer() if hasattr(scalar, "as_buffer") else None
        return text.to_pybytes().decode("utf-8", "replace") if text else None
    except (ValueError, ArithmeticError):  # a time that no calendar has
        return None


def _worded(value: object, depth: int = _DEPTH) -> object:
    """As JSON would have it: times in ISO 8601, with a zone where the column has one."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str | int | float) or value is None:
        return value
    if depth and isinstance(value, Mapping):
        return {str(key): _worded(inner, depth - 1) for key, inner in value.items()}
    if depth and isinstance(value, list | tuple):
        return [_worded(inner, depth - 1) for inner in value]
    return str(value) if depth else None


def _raw(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _said(cause: Exception) -> str:
    return one_line(str(cause), 160).rstrip(".") or type(cause).__name__

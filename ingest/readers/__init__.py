"""The readers, one file per source format; the order is the order in which they are tried.

To add one, write a class with `accepts` and `read` (reader.py) and put it into READERS: docs/add-a-reader.md.
"""

from __future__ import annotations

from rag.errors import ReaderError

from ..source import Source
from .csv_table import CsvTable
from .feed import Feed
from .html_page import HtmlPage
from .json_feed import JsonFeed
from .json_records import JsonRecords
from .markdown import Markdown
from .media_api import MediaApi
from .newsml_g2 import NewsmlG2
from .ninjs import Ninjs
from .nitf import Nitf
from .opml import Opml
from .parquet_table import MAGIC, ParquetTable
from .plain_text import PlainText
from .reader import Reader
from .sitemap import Sitemap

READERS: tuple[Reader, ...] = (
    Feed(),
    JsonFeed(),
    Sitemap(),
    Opml(),
    NewsmlG2(),
    Nitf(),
    Ninjs(),
    MediaApi(),
    HtmlPage(),
    Markdown(),
    JsonRecords(),
    CsvTable(),
    ParquetTable(),
    PlainText(),
)

_CURE = "docs/ingest.md lists the forms that are read; for another add a reader (docs/add-a-reader.md)."
_SIGNATURES = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or office document", b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\x1f\x8b": "packed data", b"BZh": "packed data",
    b"\xfd7zXZ": "packed data",
    b"(\xb5/\xfd": "packed data", b"SQLite format 3": "a database", b"\x7fELF": "a program",
}  # fmt: skip


def reader_for(source: Source, readers: tuple[Reader, ...] = READERS) -> Reader:
    """The first reader that accepts the source; raises ReaderError that says why there is none."""
    if not source.data.startswith(MAGIC) and (problem := _unreadable(source.data)):
        raise ReaderError(f"{source.location}: no reader for this: {problem}; {_CURE}")
    for reader in readers:
        if reader.accepts(source):
            return reader
    raise ReaderError(f"{source.location}: no reader for this: neither its content nor its name is known; {_CURE}")


def _unreadable(data: bytes) -> str:
    """Why no text can be in these bytes, or an empty string."""
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return "the file is empty"
    known = next((what for signature, what in _SIGNATURES.items() if data.startswith(signature)), "")
    if known or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return known
    return "binary data" if data[:65536].count(b"\0") > len(data[:65536]) // 100 else ""

"""Parcel: what travels between the main process and the parser process, as lengths, JSON and plain bytes.

Never as pickle: a parser that a stranger's page has taken over could send code with it.
"""

from __future__ import annotations

import base64
import json
import struct
from typing import BinaryIO

from rag.article import Article
from rag.errors import ReaderError

from ..field_map import FieldMap
from ..lead import Lead
from ..source import KEPT_OF_UNREADABLE, Source

ARTICLE, LEAD, ERROR = b"A", b"L", b"E"
# The end of a source; READY also that of the start, WRONG a reader of the user's that cannot be loaded, TIRED the end
# of a source that left so much memory behind that a fresh process had better read the next one.
READY, WRONG, TIRED = b".", b"!", b"~"
Item = Article | Lead | ReaderError
# An article's body is at most 2 MB (clean.py).
MOST = 8 * 1024 * 1024
_LONGEST_REASON = 4_000
_FRAME = struct.Struct(">cI")
_SIZES = struct.Struct(">IQ")


def post(stream: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    stream.write(_FRAME.pack(kind, len(payload)) + payload)
    stream.flush()


def fetched(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The next kind and payload; raises EOFError where the other side has ended, or sends what no parcel can be."""
    kind, size = _FRAME.unpack(_exactly(stream, _FRAME.size))
    if size > MOST:
        raise EOFError
    return kind, _exactly(stream, size)


def post_source(stream: BinaryIO, source: Source) -> None:
    told = {
        "location": source.location,
        "address": source.address,
        "columns": source.columns.columns,
        "charset": source.charset,
    }
    header = json.dumps(told).encode()
    stream.write(_SIZES.pack(len(header), len(source.data)) + header)
    stream.write(source.data)
    stream.flush()


def fetched_source(stream: BinaryIO) -> Source:
    """Raises EOFError where the other side has ended."""
    header, data = _SIZES.unpack(_exactly(stream, _SIZES.size))
    told = json.loads(_exactly(stream, header))
    columns = FieldMap(tuple((concept, column) for concept, column in told["columns"]))
    return Source(told["location"], _exactly(stream, data), told["address"], columns, told["charset"])


def packed(item: Item) -> tuple[bytes, bytes]:
    """The kind and payload that say the item; one that UTF-8 cannot write, or that is too long, becomes a reason."""
    try:
        kind, payload = _packed(item)
    except UnicodeEncodeError as error:
        raw = error.object.encode("utf-8", "backslashreplace")
        reason = f"a character that UTF-8 cannot write ({error.reason}): repair or drop the record."
        return _packed(ReaderError(reason, raw))
    if len(payload) > MOST:
        return _packed(ReaderError(f"the article has more than {MOST // 1024**2} MiB: split it.", payload))
    return kind, payload


def unpacked(kind: bytes, payload: bytes) -> Item:
    if kind == ARTICLE:
        return Article.from_json(payload.decode())
    told = json.loads(payload)
    if kind == LEAD:
        return Lead(told.pop("address"), **{name: said and Article.from_json(said) for name, said in told.items()})
    return ReaderError(told["reason"], None if told["raw"] is None else base64.b64decode(told["raw"]))


def _packed(item: Item) -> tuple[bytes, bytes]:
    if isinstance(item, Article):
        return ARTICLE, item.to_json().encode()
    if isinstance(item, Lead):
        articles = {"told": item.told, "hint": item.hint}
        told = {name: said and said.to_json() for name, said in articles.items()}
        return LEAD, json.dumps(told | {"address": item.address}, ensure_ascii=False).encode()
    raw = None if item.raw is None else base64.b64encode(item.raw[:KEPT_OF_UNREADABLE]).decode()
    return ERROR, json.dumps({"reason": str(item)[:_LONGEST_REASON], "raw": raw}).encode()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data

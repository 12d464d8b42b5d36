"""A record of a web archive: the page in it, without the HTTP around it and unpacked."""

from __future__ import annotations

import io
from dataclasses import dataclass
from urllib.parse import urlsplit

from rag.errors import FetchError, ReaderError

from ..fetching.body import read_body

_MIB = 1024 * 1024
_LONGEST_LINE = 64 * 1024
_MOST_LINES = 1_000
_READ = {200, 203}
_NO_ANSWER = 0
_TEXTS = {"application/json", "application/xml", "application/xhtml", "application/x-ndjson", "application/jsonl"}
_NO_NEWS = {"text/css", "text/javascript", "text/ecmascript", "application/manifest+json", "text/x-component"}
_UNTOLD = {"", "application/octet-stream", "binary/octet-stream", "unknown/unknown", "no-type"}
_PLACES = ("http:", "https:", "file:", "ftp:")


@dataclass(frozen=True, slots=True)
class WebRecord:
    """``size`` is that of the whole block in bytes, of which ``block`` holds what was there and not too much; ``cut`` says
    why the crawler cut the page off, where it did."""

    uri: str
    media_type: str
    block: bytes
    size: int
    is_http: bool
    cut: str = ""


@dataclass(frozen=True, slots=True)
class WebPage:
    """``charset`` is the encoding that the server named, or empty."""

    data: bytes
    charset: str


def header_lines(stream: io.BufferedIOBase) -> dict[str, str] | None:
    """The fields up to the empty line, names in lower case, of a repeated one the first; None where there is none."""
    fields: dict[str, str] = {}
    name = ""
    for _ in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            return None
        text = line.decode("utf-8", "replace").rstrip()
        if not text:
            return fields
        if text[0] in " \t":  # the value of the one above goes on
            fields[name] = f"{fields.get(name, '')} {text.strip()}".strip()
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return None


def page_of(record: WebRecord, limit: int) -> WebPage | None:
    """The page with its bytes as a browser had them; None for what is no page. Raises ReaderError, ending with the cure,
    for a page that is cut, damaged, too large or packed in a way that is not read."""
    if not record.uri.lower().startswith(_PLACES) or _path(record.uri).endswith("/robots.txt"):
        return None
    if not record.is_http or not record.uri.lower().startswith(("http:", "https:")):
        body, headers = record.block, {}
    else:
        answer = io.BytesIO(record.block)
        status, headers = _answered(answer)
        if status == _NO_ANSWER and record.size == len(record.block):
            raise ReaderError("the record holds no answer of a web server: crawl the page anew.")
        if status not in _READ:
            return None
        body = answer.read()
    kind = headers.get("content-type", "" if headers else record.media_type).lower()
    if not body or not _is_text(kind, body):
        return None
    if record.size > len(record.block):
        if len(record.block) > limit:
            raise ReaderError(f"the page is larger than {limit // _MIB} MiB: save it and split it.")
        if not _is_complete(body, headers):
            return None  # the archive is cut off here: that is told once, of the archive
    if record.cut:
        raise ReaderError(f"the crawler cut this page off ({record.cut[:40]}): crawl it anew.")
    charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'")
    return WebPage(_unpacked(body, headers, limit), charset[:40])


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path.lower()
    except ValueError:
        return ""


def _answered(answer: io.BytesIO) -> tuple[int, dict[str, str]]:
    status = answer.readline(_LONGEST_LINE).split(None, 2)
    headers = header_lines(answer)
    if headers is None or len(status) < 2 or not status[0].startswith(b"HTTP/") or not status[1].isdigit():
        return _NO_ANSWER, {}
    return int(status[1][:4]), headers


def _is_text(told: str, body: bytes) -> bool:
    kind = told.split(";")[0].strip()
    if kind in _UNTOLD:
        return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"[")
    if kind in _NO_NEWS or kind.startswith("image/"):
        return False
    return kind.startswith("text/") or kind in _TEXTS or kind.endswith(("+json", "+xml"))


def _unpacked(body: bytes, headers: dict[str, str], limit: int) -> bytes:
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding == "br":
        return _unbrotlied(body, limit)
    if encoding in ("gzip", "x-gzip") and not body.startswith(b"\x1f\x8b"):
        return body  # the crawler unpacked it and kept the header
    try:
        return read_body((body,), encoding, limit)
    except FetchError as cause:
        raise ReaderError(f"{str(cause).rpartition(':')[0]}: crawl the page anew.") from cause


def _is_complete(body: bytes, headers: dict[str, str]) -> bool:
    told = headers.get("content-length", "")
    return told.isascii() and told.isdigit() and len(body) >= int(told[:16])


def _dechunked(body: bytes) -> bytes:
    """Without the lengths before each chunk (RFC 9112, 7.1); as it is where the crawler took them out before."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 200)
        size = _chunk_size(body[at:end]) if end > 0 else None
        if size is None:
            if not parts:
                return body
            raise ReaderError("the chunks of the page are damaged or cut off: crawl it anew.")
        if not size:
            return b"".join(parts)
        parts.append(body[end + 1 : end + 1 + size])
        at = end + 1 + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def _chunk_size(line: bytes) -> int | None:
    digits = line.split(b";")[0].strip()
    try:
        return int(digits, 16) if digits.isalnum() and len(digits) < 9 else None
    except ValueError:
        return None


def _unbrotlied(body: bytes, limit: int) -> bytes:
    try:
        import brotli
    except ImportError as cause:
        raise ReaderError("the page is packed with Brotli: pip install brotli") from cause
    try:
        inflater, parts, size = brotli.Decompressor(), [], 0
        piece = inflater.process(body, output_buffer_limit=_MIB)
        while piece or not inflater.can_accept_more_data():
            size += len(piece)
            if size > limit:
                raise ReaderError(f"the page is larger than {limit // _MIB} MiB: save it and split it.")
            parts.append(piece)
            piece = inflater.process(b"", output_buffer_limit=_MIB)
    except brotli.error as cause:
        raise ReaderError("the packed page is damaged: crawl it anew.") from cause
    if not inflater.is_finished():
        raise ReaderError("the packed page is cut off: crawl it anew.")
    return b"".join(parts)

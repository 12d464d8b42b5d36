"""The body of a web answer, inflated piece by piece, so that a bomb is noticed before it goes off."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from rag.errors import FetchError

ACCEPTED = "gzip, deflate"
_GZIP, _ZLIB, _RAW = 31, 15, -15  # wbits of zlib.decompressobj
_MIB = 1024 * 1024
_STEP = 256 * 1024  # bytes that one call may inflate to


def read_body(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """All of the body as it was before ``encoding`` (the Content-Encoding header). Never holds more than ``limit`` bytes
    and a little. Raises FetchError for a body that is larger, cut off, damaged or packed in a way not asked for."""
    packing = encoding.strip().lower().removeprefix("x-")
    if packing not in ("", "identity", "gzip", "deflate"):
        raise FetchError(
            f"it is packed as {encoding[:40]!r}, which was not asked for: save the page and give the file."
        )
    body = bytearray()
    whole = _capped(pieces, limit)
    for piece in _inflated(whole, packing) if packing in ("gzip", "deflate") else whole:
        body += piece
        if len(body) > limit:
            raise too_large(limit)
    return bytes(body)


def too_large(limit: int) -> FetchError:
    size = f"{limit // _MIB} MiB" if limit >= _MIB else f"{limit} bytes"
    return FetchError(f"it is larger than {size}: save it, split it and give the files.")


def _capped(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """What came over the wire is capped too: a packed body can be large and inflate to nothing."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise too_large(limit)
        yield piece


def _inflated(pieces: Iterable[bytes], packing: str) -> Iterator[bytes]:
    inflater, waiting, members = None, b"", 0
    try:
        for piece in pieces:
            waiting, full = waiting + piece, False
            while waiting or full:
                if inflater is None:
                    if len(waiting) < 2:
                        break  # the first two bytes tell how it is packed
                    if members and not waiting.startswith(b"\x1f\x8b"):
                        return  # padding after the last gzip member: ignored, as gzip itself does
                    inflater = zlib.decompressobj(_window(packing, waiting))
                inflated = inflater.decompress(waiting, _STEP)
                yield inflated
                waiting, full = inflater.unconsumed_tail, len(inflated) == _STEP
                if inflater.eof:
                    waiting, inflater, full, members = inflater.unused_data, None, False, members + 1
    except zlib.error as cause:
        raise FetchError(f"the packed body is damaged ({cause}): try again later.") from None
    if inflater is not None or (waiting and not members):
        raise FetchError("the packed body is cut off: try again later.")


def _window(packing: str, head: bytes) -> int:
    """Servers mean two things by "deflate": zlib's wrapping, as RFC 9110 8.4.1.2 has it, or the bare data."""
    if packing == "gzip":
        return _GZIP
    wrapped = head[0] & 15 == 8 and int.from_bytes(head[:2], "big") % 31 == 0
    return _ZLIB if wrapped else _RAW

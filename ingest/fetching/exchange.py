"""One request and its answer, within its limits; no cookies, no Referer, no proxy, nothing kept from one to the next."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from rag.errors import FetchError

from .body import ACCEPTED, read_body, too_large
from .door import Door, TimedBackend
from .hop import Hop, shown

WITH_BODY = (200, 203)  # of all other answers, redirects included, the body is not read
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes after inflating, seconds to connect, seconds between two pieces, seconds for one fetch with its redirects
    (waiting for politeness not counted), redirects, and the longest wait in seconds that a server may ask for.

    The header block is capped at 100 KiB by httpcore.
    """

    body: int = 16 * _MIB
    connect: float = 10.0
    read: float = 15.0
    total: float = 60.0
    redirects: int = 5
    wait: float = 30.0


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one hop answered: header names in lower case, of a repeated header the first; ``seconds`` is what it took."""

    hop: Hop
    status: int
    headers: Mapping[str, str]
    data: bytes
    seconds: float


def exchange(hop: Hop, headers: Mapping[str, str], door: Door, limits: Limits, seconds: float) -> Exchanged:
    """Asks ``hop`` on a connection of its own, which must have answered in full within ``seconds``. Raises FetchError."""
    import httpcore

    started = time.monotonic()
    backend: Any = TimedBackend(door, started + seconds)
    origin = httpcore.Origin(hop.scheme.encode(), hop.host.encode(), hop.port)
    with (
        _told_as_fetch_error(hop, limits),
        httpcore.HTTPConnection(origin, _tls(), network_backend=backend) as connection,
    ):
        response = connection.handle_request(_request(hop, headers, limits))
        try:
            told = _headers(response)
            data = _body(response, told, limits) if response.status in WITH_BODY else b""
        finally:
            response.close()
    return Exchanged(hop, response.status, told, data, time.monotonic() - started)


def _request(hop: Hop, headers: Mapping[str, str], limits: Limits) -> Any:
    import httpcore

    fixed = {"Host": hop.place, "Accept": "*/*", "Accept-Encoding": ACCEPTED, "Connection": "close"}
    url = httpcore.URL(scheme=hop.scheme, host=hop.host, port=hop.port, target=hop.target)
    timeouts = {"connect": limits.connect, "read": limits.read, "write": limits.read}
    return httpcore.Request("GET", url, headers=[*(fixed | headers).items()], extensions={"timeout": timeouts})


def _headers(response: Any) -> dict[str, str]:
    return {name.decode("ascii").lower(): _text(value) for name, value in reversed(response.headers)}


def _text(value: bytes) -> str:
    """Redirects to addresses in raw UTF-8 are common; Latin-1 is what HTTP meant once."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _body(response: Any, headers: Mapping[str, str], limits: Limits) -> bytes:
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limits.body:
        raise too_large(limits.body)
    return read_body(response.iter_stream(), headers.get("content-encoding", ""), limits.body)


@contextmanager
def _told_as_fetch_error(hop: Hop, limits: Limits) -> Iterator[None]:
    import httpcore

    try:
        yield
    except (TimeoutError, httpcore.TimeoutException):
        slow = f"{hop.place} was too slow (over {limits.read:g} s without a byte, or {limits.total:g} s in all)"
        raise FetchError(f"{slow}: try again later.") from None
    except httpcore.ProtocolError as cause:
        raise FetchError(
            f"the answer of {hop.place} is cut off or is no HTTP ({shown(str(cause))}): try again later."
        ) from None
    except (httpcore.NetworkError, OSError) as cause:
        raise FetchError(
            f"no connection to {hop.place} ({shown(str(cause))}): check the address and the network."
        ) from None


@cache
def _tls() -> Any:
    """The system's certificates (an intranet's own among them) and certifi's, for systems that have none."""
    import ssl

    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context

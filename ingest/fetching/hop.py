"""Hop: one stop on the way to a page, taken apart once, so that what was checked is what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from rag.errors import FetchError

from .hosts import plain_host

MAX_ADDRESS = 2000  # characters, as in rag/address.py
_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_NETLOC = re.compile(r"(?:\[[^\[\]]+\]|[^\[\]:\s%<>\"^`{|}]+)(?::[0-9]*)?")
_KEPT = "%/:=&?~+!$,;@()*[]"  # what stays as it is in a path and a query; all else becomes %XX of its UTF-8
# From port 1024 on: those that the Fetch standard (https://fetch.spec.whatwg.org/#port-blocking) bars, and data stores
# whose protocols take an HTTP request for commands. Below 1024 only 80 and 443 serve the web.
_FIRST_FREE_PORT = 1024
_BARRED_PORTS = frozenset(
    (1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
    + (1433, 1521, 2375, 2376, 3306, 3389, 5432, 5900, 6379, 6380, 9042, 11211, 27017)
)


@dataclass(frozen=True, slots=True)
class Hop:
    """``host`` is in its one spelling (an IPv6 address without brackets); ``target`` is path and query in ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """Host and port as the Host header writes them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        return f"{self.scheme}://{self.place}"

    @property
    def address(self) -> str:
        return self.site + self.target

    def next(self, location: str) -> Hop:
        """Where a redirect leads. From https to http is refused: what is cited has to be what the publisher sent, and
        on the way down anybody in between may change it."""
        try:
            there = hop_of(urljoin(self.address, location.strip()))
        except (FetchError, ValueError) as cause:
            raise FetchError(f"it redirects to {shown(location)}: {cause}") from None
        if self.scheme == "https" and there.scheme == "http":
            reason = "it redirects from https to http, where anybody can change the text"
            raise FetchError(f"{reason}: give {there.address} itself if you trust the way there.")
        return there


def hop_of(address: str) -> Hop:
    """Takes an address apart. Raises FetchError unless it is a plain http or https address on a port of the web."""
    address = address.strip()
    if len(address) > MAX_ADDRESS:
        raise FetchError(f"the address is longer than {MAX_ADDRESS} characters: give a shorter one.")
    if _CONTROL.search(address):  # urlsplit would drop some of these in silence
        raise FetchError("the address holds a control character or a backslash: check it.")
    parts = _split(address)
    if "@" in parts.netloc:
        raise FetchError("the address holds a name or password: leave out what stands before the @.")
    if not parts.hostname or not _NETLOC.fullmatch(parts.netloc):
        raise FetchError("the address names no host: give it whole, such as https://example.org/news.")
    host, port = plain_host(parts.hostname), parts.port if parts.port is not None else _PORTS[parts.scheme]
    if port in _BARRED_PORTS or (port < _FIRST_FREE_PORT and port not in _PORTS.values()):
        raise FetchError(f"port {port} is not one of the web: use 80, 443 or another above 1023.")
    query = f"?{parts.query}" if parts.query else ""
    return Hop(parts.scheme, host, port, quote((parts.path or "/") + query, safe=_KEPT))


def shown(address: str) -> str:
    """A stranger's address on one short line."""
    line = "".join(letter if letter.isprintable() else "�" for letter in address[:200])
    return line + "…" * (len(address) > len(line))


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.hostname, parts.port
    except ValueError:
        raise FetchError("this is no web address: check it.") from None
    if parts.scheme not in _PORTS:
        raise FetchError("it is neither http nor https: give a web address, or save the file and give its path.")
    return parts

"""Fetcher: the only place that opens a connection to fetch news; every hop of the way goes through the guarded door."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from rag.errors import FetchError
from rag.input_book import Remembered

from .door import Door
from .exchange import WITH_BODY, Exchanged, Limits, exchange
from .hop import Hop, hop_of, shown
from .pace import Pace
from .robots import Robots

USER_AGENT = "Dateline/0.1 (news archive; python-httpcore)"
_REDIRECTS = (301, 302, 303, 307, 308)
_NOT_NOW = (429, 503)
_ROBOTS_SECONDS = 20.0
_MAX_VALIDATOR = 1000  # characters of an ETag or a date that are worth keeping
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """``address`` is where the redirects ended; ``data`` is unpacked, and empty where ``not_modified`` says that nothing
    has changed since it was remembered."""

    address: str
    data: bytes
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False

    @property
    def charset(self) -> str:
        """The encoding that the Content-Type header names, or an empty string."""
        match = _CHARSET.search(self.content_type)
        return match[1].lower() if match else ""

    @property
    def remembered(self) -> Remembered:
        return Remembered(self.address, self.etag, self.last_modified)


class Fetcher:
    """Fetches pages, feeds and whatever lies at a web address: politely, within limits, from public hosts only.

    One for a whole run: it knows when each host was asked last and what its robots.txt says. Safe to use from threads;
    closing it wakes those that wait for their turn. ``allow_private`` adds private networks and the loopback, for an
    intranet; ``delay`` is in seconds between two requests to one host. There is no proxy: it would choose the address
    in our place. ``door``, ``clock`` and ``sleep`` are for tests.
    """

    def __init__(
        self,
        allow_private: bool = False,
        delay: float = 1.0,
        limits: Limits = Limits(),
        *,
        user_agent: str = USER_AGENT,
        door: Door | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._limits = limits
        self._user_agent = user_agent
        self._door = replace(door or Door(), allow_private=allow_private)
        self._closed = threading.Event()
        self._pace = Pace(delay, clock, sleep or self._closed.wait)
        self._robots = Robots(user_agent.partition("/")[0], self._robots_txt, clock)

    def fetch(self, address: str, remembered: Remembered | None = None) -> Fetched:
        """What lies at ``address``, or that it is still as ``remembered``. Raises FetchError, whose one line names the
        address and ends with the cure."""
        try:
            answer = self._followed(hop_of(address), self._limits, remembered, heed_robots=True)
        except FetchError as cause:
            raise FetchError(f"{shown(address)}: {cause}", cause.status) from None
        told = answer.headers
        unchanged = answer.status == 304
        known = remembered if unchanged and remembered else Remembered("")
        return Fetched(
            answer.hop.address,
            answer.data,
            told.get("content-type", ""),
            told.get("etag", known.etag)[:_MAX_VALIDATOR],
            told.get("last-modified", known.last_modified)[:_MAX_VALIDATOR],
            unchanged,
        )

    def close(self) -> None:
        """Nothing is fetched from now on; who waits for a host's turn gets a FetchError at once."""
        self._closed.set()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _followed(self, hop: Hop, limits: Limits, remembered: Remembered | None, heed_robots: bool) -> Exchanged:
        """The answer at the end of the redirects; each hop is checked and waited for like the first."""
        seconds, passed = limits.total, {hop}
        while True:
            delay = self._permitted(hop) if heed_robots else 0.0
            answer = self._patiently(hop, self._headers(hop, remembered), limits, seconds, delay)
            if answer.status not in _REDIRECTS:
                return _accepted(answer, remembered)
            hop, seconds = hop.next(answer.headers.get("location", "")), seconds - answer.seconds
            if hop in passed:
                raise FetchError(
                    "it redirects in a circle, perhaps for want of a cookie: save the page and give the file."
                )
            if len(passed) > limits.redirects:
                raise FetchError(f"it redirects more than {limits.redirects} times: give the address where it ends.")
            passed.add(hop)

    def _permitted(self, hop: Hop) -> float:
        """The delay that the site's robots.txt asks for. Raises FetchError where it asks that we stay away."""
        rules = self._robots.rules(hop.site)
        if rules.unreachable:
            raise FetchError(f"robots.txt of {hop.site} cannot be read: {rules.unreachable}")
        if not rules.allows(hop.address):
            raise FetchError(f"robots.txt of {hop.site} asks robots to leave it: save the page and give the file.")
        return min(rules.delay, self._limits.wait)

    def _patiently(
        self, hop: Hop, headers: Mapping[str, str], limits: Limits, seconds: float, delay: float
    ) -> Exchanged:
        """The answer; a server that says when to come back (Retry-After) is asked a second time, then."""
        answer = self._asked(hop, headers, limits, seconds, delay)
        wait = _retry_after(answer)
        if wait is None or wait > limits.wait:
            return answer
        self._pace.hold(hop.host, wait)
        return self._asked(hop, headers, limits, seconds - answer.seconds, delay)

    def _asked(self, hop: Hop, headers: Mapping[str, str], limits: Limits, seconds: float, delay: float) -> Exchanged:
        self._pace.wait(hop.host, delay)
        if self._closed.is_set():
            raise FetchError("fetching was stopped: run it again to go on.")
        return exchange(hop, headers, self._door, limits, seconds)

    def _headers(self, hop: Hop, remembered: Remembered | None) -> dict[str, str]:
        """An ETag names a reader as a cookie would: it goes back to the address that gave it and to no other."""
        headers = {"User-Agent": self._user_agent}
        if remembered and remembered.address == hop.address:
            tags = {"If-None-Match": remembered.etag, "If-Modified-Since": remembered.last_modified}
            headers |= {name: tag for name, tag in tags.items() if tag}
        return headers

    def _robots_txt(self, address: str) -> bytes:
        limits = replace(self._limits, total=min(self._limits.total, _ROBOTS_SECONDS))
        return self._followed(hop_of(address), limits, None, heed_robots=False).data


def _accepted(answer: Exchanged, remembered: Remembered | None) -> Exchanged:
    status = answer.status
    if status in WITH_BODY or (status == 304 and remembered and remembered.address == answer.hop.address):
        return answer
    if status in (404, 410):
        raise FetchError(f"there is nothing ({status}): check the address.", status)
    if status in _NOT_NOW or status >= 500:
        raise FetchError(f"{answer.hop.place} cannot answer now ({status}): try again later.", status)
    raise FetchError(f"{answer.hop.place} does not give it to us ({status}): save the page and give the file.", status)


def _retry_after(answer: Exchanged) -> float | None:
    """Seconds that the server asks us to wait (RFC 9110, 10.2.3), in either spelling; None where it asks for nothing."""
    told = answer.headers.get("retry-after", "").strip() if answer.status in _NOT_NOW else ""
    if told.isdecimal():
        return float(told[:10])
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None

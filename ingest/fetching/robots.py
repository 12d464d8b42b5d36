"""robots.txt (RFC 9309): what the owner of a site asks robots to leave alone, and how fast they may go."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.errors import FetchError

_READ = 500 * 1024  # bytes of a robots.txt that count (RFC 9309, 2.5)
_KEPT = 24 * 3600.0  # seconds for which an answer holds (2.4)
_KEPT_UNREACHABLE = 600.0  # ours: a site that is down is asked again soon
_SITES = 1000
_AGENT_LINE = re.compile(r"\s*user(?:-|\s+)?agent\s*:?\s*(.*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt tells one robot. ``parsed`` is None where there are no rules; ``unreachable`` tells why nobody
    knows them: then nothing may be fetched (2.3.1.4)."""

    parsed: Any = None
    agent: str = ""
    unreachable: str = ""

    def allows(self, address: str) -> bool:
        return not self.unreachable and (self.parsed is None or self.parsed.can_fetch(address, self.agent))

    @property
    def delay(self) -> float:
        """Seconds between two requests that the site asks for (Crawl-delay), else 0."""
        return (self.parsed.crawl_delay(self.agent) if self.parsed else None) or 0.0


def rules_of(data: bytes, agent: str) -> Rules:
    """The rules for the robot named ``agent`` (its product token, such as ``Dateline``) in the bytes of a robots.txt."""
    from protego import Protego

    token = agent.lower()
    text = data[:_READ].decode("utf-8-sig", "replace")
    return Rules(Protego.parse("\n".join(_for_us(line, token) for line in text.splitlines())), token)


def _for_us(line: str, token: str) -> str:
    """Robots of other names all become one. Protego files every rule once for each name above it, which a hostile file
    makes quadratic; and it takes ``User-agent: date`` for ours, where RFC 9309 2.2.1 wants the whole token."""
    match = _AGENT_LINE.fullmatch(line.partition("#")[0])
    if match is None:
        return line
    named = match[1].strip()
    ours = named == "*" or _TOKEN.match(named)[0].lower() == token
    return f"User-agent: {('*' if named == '*' else token) if ours else 'another'}"


@dataclass(slots=True)
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Rules = Rules()
    until: float = float("-inf")


class Robots:
    """The rules of every site asked so far, each read once a day; safe to use from threads."""

    def __init__(self, agent: str, read: Callable[[str], bytes], clock: Callable[[], float] = time.monotonic) -> None:
        """``read`` fetches an address through the door; its FetchError carries the status."""
        self._agent = agent
        self._read = read
        self._clock = clock
        self._sites: OrderedDict[str, _Site] = OrderedDict()
        self._lock = threading.Lock()

    def rules(self, site: str) -> Rules:
        """The rules of a site, such as ``https://example.org:8443``."""
        with self._lock:
            known = self._sites.setdefault(site, _Site())
            self._sites.move_to_end(site)
            if len(self._sites) > _SITES:
                self._sites.popitem(last=False)
        with known.lock:
            if self._clock() >= known.until:
                known.rules = self._asked(site)
                known.until = self._clock() + (_KEPT_UNREACHABLE if known.rules.unreachable else _KEPT)
            return known.rules

    def _asked(self, site: str) -> Rules:
        try:
            return rules_of(self._read(f"{site}/robots.txt"), self._agent)
        except FetchError as cause:
            # 4xx: there are no rules (2.3.1.3); but 429 only says "not now".
            absent = 400 <= cause.status < 500 and cause.status != 429
            return Rules() if absent else Rules(unreachable=str(cause))

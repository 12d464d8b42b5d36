"""Pace: how long a polite visitor waits between two requests to one host."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_REMEMBERED = 1000  # hosts, before those that may be asked at once are forgotten


class Pace:
    """Gives each request to a host its moment, ``delay`` seconds after the one before; safe to use from threads."""

    def __init__(
        self,
        delay: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, delay: float = 0.0) -> None:
        """Returns when the host may be asked again, which then counts as asked. A longer ``delay`` is the host's wish."""
        with self._lock:
            now = self._clock()
            moment = max(now, self._next.get(host, now))
            self._next[host] = moment + max(delay, self._delay)
            if len(self._next) > _REMEMBERED:
                self._next = {host: free for host, free in self._next.items() if free > now}
        if moment > now:
            self._sleep(moment - now)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks this host for so many seconds."""
        with self._lock:
            self._next[host] = max(self._next.get(host, 0.0), self._clock() + seconds)

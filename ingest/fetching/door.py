"""Door: the one way out. It asks the name server once, checks every address that comes back, and connects to one of
those that it checked, so that a name that means another machine a moment later (DNS rebinding) leads nowhere."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import FetchError

from .hosts import is_intranet, is_ip_address, is_local_name, is_public

Resolver = Callable[[str, int], Sequence[str]]
Connector = Callable[[str, int, float], Any]  # IP address, port, seconds -> an httpcore.NetworkStream
_TRIED = 4  # addresses of one host, each within the same deadline


def resolved(host: str, port: int) -> Sequence[str]:
    """Every IP address of a host, by the system. It has no time-out of its own; the system's is about half a minute."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connected(address: str, port: int, seconds: float) -> Any:
    import httpcore

    return httpcore.SyncBackend().connect_tcp(address, port, timeout=seconds)


@dataclass(frozen=True, slots=True)
class Door:
    allow_private: bool = False
    resolve: Resolver = resolved
    connect: Connector = connected

    def addresses(self, host: str, port: int) -> list[str]:
        """The IP addresses of a host, all of them checked. Raises FetchError if a single one may not be reached."""
        if is_local_name(host) and not self.allow_private:
            raise FetchError(f"{host} is a name of a local network: give --allow-private if it is your own intranet.")
        found = [host] if is_ip_address(host) else self._asked(host, port)
        for address in found:
            self._check(host, address)
        return found

    def _asked(self, host: str, port: int) -> list[str]:
        try:
            found = list(dict.fromkeys(self.resolve(host, port)))
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise FetchError(f"the host {host} is not known: check the address and the network.")
        return found

    def _check(self, host: str, address: str) -> None:
        if not is_ip_address(address) or not (is_public(address) or is_intranet(address)):
            raise FetchError(f"{host} stands at {address}, where no news can be: check the address.")
        if not self.allow_private and not is_public(address):
            where = address if address == host else f"{host} ({address})"
            raise FetchError(f"{where} is not a public address: give --allow-private if it is your own intranet.")


class TimedBackend:
    """httpcore's network backend for one exchange: through the door, and nothing in it lasts beyond ``deadline``
    (time.monotonic), however slowly the bytes drip. Past it every call raises TimeoutError."""

    def __init__(self, door: Door, deadline: float) -> None:
        self._door = door
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **_: Any) -> _TimedStream:
        import httpcore

        *others, last = self._door.addresses(host, port)[:_TRIED]
        for address in others:
            try:
                return self._connected(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(last, port, timeout)

    def _connected(self, address: str, port: int, timeout: float | None) -> _TimedStream:
        return _TimedStream(self._door.connect(address, port, _seconds(timeout, self._deadline)), self._deadline)


class _TimedStream:
    def __init__(self, stream: Any, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=_seconds(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=_seconds(timeout, self._deadline))

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout=_seconds(timeout, self._deadline))
        return _TimedStream(secured, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _seconds(timeout: float | None, deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left if timeout is None else min(timeout, left)

"""The guard in front of the page: who may call it, what it may load, which of the server's roads are open.

A page on another site can make a browser call 127.0.0.1; the Host and Origin headers give it away (DNS rebinding, CSRF).
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Server = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_EVERYWHERE = ("0.0.0.0", "::")
# What the chat needs of Gradio; its files, proxy, API pages and monitoring stay shut.
_ROADS = re.compile(
    r"/(?:config|theme\.css|manifest\.json|favicon\.ico|login/?|logout|login_check|gradio_api/app_id|"
    r"gradio_api/(?:startup-events|queue/(?:join|data)|cancel|reset|login_check|heartbeat/[\w-]+)|"
    r"(?:assets|static|svelte|dateline)/[\w./@+-]+)?"
)
# Only where readers may add articles.
_UPLOADS = ("/gradio_api/upload", "/gradio_api/upload_progress")
# Stands before Gradio's sign-in, so nobody may fill the memory by it; a comment has 500 characters.
_FEEDBACK, _MOST_FEEDBACK = "/dateline/feedback", 8_000
_SCRIPT = re.compile(rb"<script(?=[\s>])")
_PAGE_PARTS = b'<link rel="stylesheet" href="./dateline/chat.css"><script defer src="./dateline/chat.js"></script>'
_PAGE_PARTS += b'<script defer src="./dateline/feedback.js"></script>'
_PREVIEWS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*?>')
# Scripts only from here or with this reply's number; styles may stand inline, Svelte sets them so.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)


class Guard:
    """An ASGI application around another. ``host`` is the address that the server listens on; ``uploads`` opens the
    roads by which files come in."""

    def __init__(self, server: Server, host: str = "127.0.0.1", *, uploads: bool = False) -> None:
        self._server = server
        self._host = host.strip("[]").lower()
        self._uploads = _UPLOADS if uploads else ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._server(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the chat uses none
        elif not self._is_ours(scope):
            await _refused(send, 403, b"Open this page by the address that Dateline printed.")
        elif not self._leads_somewhere(scope["path"]):
            await _refused(send, 404, b"There is nothing here.")
        elif scope["path"] == _FEEDBACK and not _is_short(scope, _MOST_FEEDBACK):
            await _refused(send, 413, b"A comment has at most 500 characters.")
        else:
            await self._server(_uncompressed(scope), receive, _Reply(send, secrets.token_urlsafe(16)))

    def _leads_somewhere(self, path: str) -> bool:
        return path in self._uploads or (_ROADS.fullmatch(path) is not None and ".." not in path)

    def _is_ours(self, scope: Scope) -> bool:
        """One Host header that names us and, if the browser says where the call comes from, our own page."""
        hosts = _values(scope, b"host")
        if len(hosts) != 1 or not self._knows(hosts[0]):
            return False
        return all(urlsplit(origin).netloc.lower() == hosts[0].lower() for origin in _values(scope, b"origin"))

    def _knows(self, header: str) -> bool:
        name = _name(header)
        if name in _LOOPBACK or name == self._host:
            return name not in _EVERYWHERE
        # Rebinding needs a name: a bare address in the Host header was typed by the reader.
        return self._host in _EVERYWHERE and (_is_address(name) or name == socket.gethostname().lower())


class _Reply:
    """Sends on what the server says, with our headers; an HTML page gets its number and our style and script."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _headers(message.get("headers", []), self._nonce)
            if _is_page(message["headers"]):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        body = _page(self._body, self._nonce) if self._body else b""
        kept = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        start["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _page(body: bytes, nonce: str) -> bytes:
    """The page without Gradio's link previews, which name outside addresses."""
    body = _PREVIEWS.sub(b"", body).replace(b"</head>", _PAGE_PARTS + b"</head>", 1)
    return _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', body)


def _headers(headers: list[tuple[bytes, bytes]], nonce: str = "") -> list[tuple[bytes, bytes]]:
    return [(name.lower(), value) for name, value in headers] + [
        (b"content-security-policy", POLICY.format(nonce=nonce).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    ]


def _is_page(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _is_short(scope: Scope, most: int) -> bool:
    """Whether it says itself how many bytes it sends, and they are few."""
    lengths = _values(scope, b"content-length")
    return len(lengths) == 1 and lengths[0].isascii() and lengths[0].isdigit() and int(lengths[0]) <= most


def _uncompressed(scope: Scope) -> Scope:
    """The page itself is asked for in plain, since it is changed on its way."""
    if scope["path"] != "/":
        return scope
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _name(header: str) -> str:
    """ "[::1]:7860" -> "::1"; an empty string for what is no host."""
    try:
        return (urlsplit(f"//{header}").hostname or "").lower() if "@" not in header else ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


async def _refused(send: Send, status: int, why: bytes) -> None:
    headers = _headers([(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(why)).encode())])
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": why})

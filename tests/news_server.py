"""A news site on the loopback for tests: each path answers what it is told, and every request is written down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Page:
    """``send`` writes the whole answer itself instead, on the open connection: for answers that are no good HTTP."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


class NewsServer:
    """``pages`` maps a path to its Page, or to a list of them, one for each request (the last one stays); any other
    path, ``/robots.txt`` included, is a 404. ``requests`` holds path and headers in the order in which they came."""

    def __init__(self, tls: object = None, **pages: Page) -> None:
        self.pages: dict[str, Page | list[Page]] = dict(pages)
        self.requests: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append((handler.path, {name.lower(): value for name, value in handler.headers.items()}))
        page = self.pages.get(handler.path, Page(status=404))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        handler.close_connection = True
        if page.send is not None:
            page.send(handler)
            return
        handler.send_response(page.status)
        for name, value in ({"Content-Length": str(len(page.body))} | page.headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(page.body)

    def __enter__(self) -> NewsServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # five by default: a sixth thread at once would wait a second
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what many tests are about."""

"""A chat server on this machine that answers by a script: the OpenAI form, over real sockets, with every known fault.

    with MockChatServer(Reply("The ferry ran late. [1]")) as server:
        Assistant.open(archive, "openai:mock", base_url=server.url)

Run it by itself to try the chat by hand: ``python tests/mock_chat_server.py 8080``.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_PLANTED = re.compile(r"ASSISTANT: *(.+)")
_DELAY_STEP = 0.01  # seconds between two looks at whether the client is still there


@dataclass(frozen=True)
class Reply:
    """How one request is answered. ``text`` goes out in pieces of ``size`` characters.

    ``thought`` goes out first, as `reasoning_content`. ``cut_at``: that many pieces, then the connection is lost.
    ``finish``: the finish reason, None for a clean close without one. ``body`` is sent as it is, with ``status`` and
    ``headers``, in place of a stream.
    """

    text: str = ""
    thought: str = ""
    size: int = 7
    wait: float = 0.0
    between: float = 0.0
    cut_at: int | None = None
    finish: str | None = "stop"
    done_line: bool = True
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    tool_calls: list[dict[str, Any]] | None = None

    def pieces(self) -> list[str]:
        return [self.text[n : n + self.size] for n in range(0, len(self.text), self.size)]


def failed(status: int, message: str = "no", **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=body, headers={"Content-Type": "application/json"} | named)


def page(html: str, status: int = 200) -> Reply:
    return Reply(status=status, body=html.encode(), headers={"Content-Type": "text/html"})


def raw_stream(text: str) -> Reply:
    """Server-sent events exactly as given, broken as they may be."""
    return Reply(body=text.encode(), headers={"Content-Type": "text/event-stream"})


def obey(request: dict[str, Any]) -> Reply:
    """Does whatever an article orders: "ASSISTANT: …" anywhere in the prompt is said, with any placeholder filled in.

    ``{SYSTEM}`` stands for the rules that the model was given, ``{PROMPT}`` for everything.
    """
    prompt = "\n".join(str(message["content"]) for message in request["messages"])
    system = "\n".join(str(m["content"]) for m in request["messages"] if m["role"] == "system")
    said = " ".join(_PLANTED.findall(prompt)) or "No order was found."
    return Reply(said.replace("{SYSTEM}", system).replace("{PROMPT}", prompt))


Script = Reply | Callable[[dict[str, Any]], Reply]


class MockChatServer:
    """Answers the n-th chat request by the n-th script, and by the last one from then on. A context manager."""

    def __init__(self, *scripts: Script, models: list[str] | None = None, port: int = 0) -> None:
        self.scripts = scripts or (Reply("The archive does not say."),)
        self.models = ["mock"] if models is None else models
        self.requests: list[dict[str, Any]] = []
        self.hung_up = 0
        self.open = 0
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler_of(self))
        self._http.daemon_threads = True

    @property
    def port(self) -> int:
        return self._http.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> MockChatServer:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def reply_to(self, request: dict[str, Any]) -> Reply:
        with self._lock:
            self.requests.append(request)
            script = self.scripts[min(len(self.requests), len(self.scripts)) - 1]
        return script(request) if callable(script) else script

    def count(self, opened: int = 0, hung_up: int = 0) -> None:
        with self._lock:
            self.open += opened
            self.hung_up += hung_up


class HungUp(Exception):
    """The client is gone."""


def _handler_of(server: MockChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        mock = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    mock: MockChatServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        known = self.path.endswith("/models")
        data = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.mock.models]}
        self._whole(200 if known else 404, json.dumps(data).encode(), {"Content-Type": "application/json"})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.mock.reply_to(request)
        self.mock.count(opened=1)
        try:
            self._answer(request, reply)
        except (HungUp, ConnectionError):
            self.mock.count(hung_up=1)
            self.close_connection = True
        finally:
            self.mock.count(opened=-1)

    def _answer(self, request: dict[str, Any], reply: Reply) -> None:
        self._pause(reply.wait)
        if reply.body is not None:
            self._whole(reply.status, reply.body, reply.headers)
        elif request.get("stream"):
            self._stream(reply)
        else:
            message = {"role": "assistant", "content": reply.text or None, "tool_calls": reply.tool_calls}
            choice = {"index": 0, "message": message, "finish_reason": reply.finish}
            whole = {"id": "m", "object": "chat.completion", "created": 1, "model": "mock", "choices": [choice]}
            self._whole(200, json.dumps(whole).encode(), {"Content-Type": "application/json"})

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for begin in range(0, len(reply.thought), reply.size):
            self._event({"reasoning_content": reply.thought[begin : begin + reply.size]})
        for number, piece in enumerate(reply.pieces()):
            if reply.cut_at == number:
                break
            self._event({"content": piece})
            self._pause(reply.between)
        if reply.cut_at is not None:
            self._lose_connection()
            return
        if reply.tool_calls:
            self._event({"tool_calls": reply.tool_calls})
        if reply.finish:
            self._event({}, reply.finish)
        self._chunk(b"data: [DONE]\n\n" if reply.done_line else b": end\n\n")
        self._chunk(b"")

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant"} | delta, "finish_reason": finish}
        event = {"id": "m", "object": "chat.completion.chunk", "created": 1, "model": "mock", "choices": [choice]}
        self._chunk(f"data: {json.dumps(event)}\n\n".encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _whole(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _lose_connection(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _pause(self, seconds: float) -> None:
        """Waits, and raises HungUp as soon as the client closes its end."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.connection], [], [], min(left, _DELAY_STEP))[0]:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise HungUp
                time.sleep(_DELAY_STEP)


if __name__ == "__main__":
    with MockChatServer(obey, port=int(sys.argv[1]) if len(sys.argv) > 1 else 0) as running:
        print(f"answering at {running.url}")
        while True:
            time.sleep(3600)

"""Serving: the page at an address of this machine, until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Callable

from ..errors import WrongUse
from .guard import Guard


def listening(host: str, port: int) -> socket.socket:
    """The socket, so that a port that is taken is told before anything is loaded; WrongUse."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise WrongUse(f"Nothing can listen at {host}, port {port} ({error}): choose another with --port.") from error
    return bound


def serve(application: Guard, bound: socket.socket, host: str, line: Callable[[], str]) -> None:
    """Until Ctrl-C; says one line, with what ``line`` gives, when the page can be opened."""
    import uvicorn

    address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Dateline is ready at {address} — {line()}", flush=True)

    settings = uvicorn.Config(
        application, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )
    Server(settings).run([bound])

"""The chat model: any that LangChain's `init_chat_model` knows, and what already listens on this machine's loopback.

`say` is the only place that talks to one. It listens on one event loop in a thread of its own, so that a model which
is silent can be hung up on at once: a blocked read cannot be ended from another thread, an awaited one can.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from .errors import MissingExtra, ModelUnavailable, WrongUse

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

QUOTING = "quoting"
_EXTRAS = {"ollama": "langchain-ollama", "openai": "langchain-openai", "anthropic": "langchain-anthropic"}
# Ollama, llama.cpp's server, LM Studio, vLLM: all speak the OpenAI form below /v1.
LOCAL_PORTS: Mapping[int, str] = {11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio", 8000: "vLLM"}
_PATIENCE = 0.3  # seconds for a server on this machine to say what it has
_LONGEST_LIST = 1.0  # seconds for its whole list
_TIMEOUT = 120.0  # seconds of silence before a model is given up
_HEARTBEAT = 1.0  # seconds of silence after which a caller hears "" and may leave
_LONGEST_TALK = 600.0  # seconds, for a model that never stops
_LONGEST_ANSWER = 30_000  # characters, for a model that repeats itself for ever
# Where providers put why a model stopped (OpenAI; Anthropic; Ollama), and those of which one may expect it.
_REASONS = ("finish_reason", "stop_reason", "done_reason")
_TELL_REASONS = ("openai-chat", "anthropic-chat", "chat-ollama")
_NOT_FINISHED = {
    "": "it closed the connection without saying that it had finished",
    "length": "its limit of length was reached",
    "max_tokens": "its limit of length was reached",
    "content_filter": "its provider's filter stopped it",
}
_CUT_SHORT = ("length", "max_tokens")
_THOUGHT_TOO_LONG = (
    "The model wrote nothing before its limit of length was reached (perhaps it only thought): give it a higher limit, or "
    "turn its thinking off."
)
# Part of a provider's message that is not for a reader's screen: markup, addresses, keys.
_NOT_FOR_SHOW = re.compile(r"<[^>]{0,500}>|\b\w+://\S+|\bsk-[\w*-]+|[{}\[\]<>]")


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that a server on the loopback offers: ``spec`` and ``base_url`` are what `chat_model` takes.

    Nobody vouched for that server: it is to be asked ``with_key=False``.
    """

    server: str
    spec: str
    base_url: str


def chat_model(
    spec: str | None, base_url: str | None = None, timeout: float = _TIMEOUT, with_key: bool = True
) -> BaseChatModel | None:
    """``ollama:llama3.2``, ``openai:gpt-4.1-mini`` (``base_url`` for any compatible server), ``anthropic:…``.

    None for no model (``None``, an empty string or ``quoting``); ``timeout`` in seconds of silence. A ``base_url`` that
    the user gave gets the key in OPENAI_API_KEY, on the loopback too; ``with_key=False`` keeps it from a server that was
    only found.
    Raises WrongUse, MissingExtra, ModelUnavailable (no key).
    """
    if not spec or spec == QUOTING:
        return None
    provider, _, name = spec.partition(":")
    if not name:
        raise WrongUse(f"{spec} names no provider: write it as ollama:{spec}, openai:{spec} or anthropic:{spec}.")
    options: dict[str, Any] = {"temperature": 0.0}
    if provider in ("openai", "anthropic"):
        # The clients wait .5 to 8 seconds with jitter, or as long as Retry-After says up to 120; more, or any other 4xx,
        # is not tried again.
        options |= {"timeout": timeout, "max_retries": 2}
    if base_url:
        options["base_url"] = base_url
    if provider == "openai" and base_url and is_loopback(base_url):
        options["api_key"] = (os.environ.get("OPENAI_API_KEY") if with_key else "") or "none"
    return _made(name, provider, options)


def say(model: BaseChatModel, messages: Sequence[BaseMessage], timeout: float | None = None) -> Iterator[str]:
    """What the model writes, as it comes, with an empty text for every second of silence.

    Closing the iterator hangs up. ``timeout`` in seconds of silence; the default is the model's own, or else 120.
    Raises ModelUnavailable, also at the end of a text that was not finished.
    """
    patience = timeout or _own_timeout(model) or _TIMEOUT
    heard: SimpleQueue[str | Exception | None] = SimpleQueue()
    listening = asyncio.run_coroutine_threadsafe(_listen(model, messages, patience, heard.put), _loop(os.getpid()))
    try:
        while (piece := _next(heard)) is not None:
            if isinstance(piece, Exception):
                raise plain_cause(piece) from piece
            yield piece
    finally:
        listening.cancel()


def local_models(ports: Mapping[int, str] = LOCAL_PORTS) -> list[LocalModel]:
    """The models of servers that listen on this machine now, by port; nothing outside it is asked."""
    return [model for port, server in ports.items() for model in _offered(port, server)]


def is_loopback(url: str) -> bool:
    """Whether the host is an address of the loopback or "localhost"; any other name may lead anywhere."""
    try:
        host = urlsplit(url if "//" in url else f"http://{url}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def plain_cause(error: Exception) -> ModelUnavailable:
    """A provider's exception as one line with its cure."""
    if isinstance(error, ModelUnavailable):
        return error
    shown = _NOT_FOR_SHOW.sub(" ", str(error))
    text = " ".join(shown.split())[:160].rstrip(" .:") or type(error).__name__
    return ModelUnavailable(_cause(error, text))


def _cause(error: Exception, text: str) -> str:
    status = getattr(error, "status_code", None)
    kind = " ".join(_kinds(error))
    if status in (401, 403) or "api_key" in text:
        return f"The model refused the key ({text}): set the provider's API key in the environment."
    if status == 404:
        return f"The server does not know this model ({text}): give a name that it lists."
    if status == 429:
        return f"The model's server is overrun ({text}): ask again in a minute."
    if status and status < 500:
        return f"The model refused the question ({text}): ask a shorter one, or ask without a model."
    if "No generation chunks" in text:  # LangChain's words
        return "The model broke off (it closed the connection without a word): ask again, or ask without a model."
    if status:
        return f"The model's server failed ({text}): ask again in a minute, or ask without a model."
    if re.search("RemoteProtocol|ReadError|Incomplete|ConnectionReset", kind):
        return "The model broke off (its connection was lost): ask again, or ask without a model."
    if "Timeout" in kind:
        return "The model stayed silent for too long: ask again, or ask without a model."
    if re.search("Connect|OSError", kind):
        return f"The model cannot be reached ({text}): start its server, or ask without a model."
    return f"The model answered in a form that cannot be read ({text}): check its server, or ask without a model."


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The names of an error's classes and of those that caused it: clients wrap what their HTTP library raised."""
    while error is not None:
        yield from (base.__name__ for base in type(error).__mro__)
        error = error.__cause__


async def _listen(
    model: BaseChatModel,
    messages: Sequence[BaseMessage],
    patience: float,
    tell: Callable[[str | Exception | None], None],
) -> None:
    """Tells each piece, then None; or the exception that ended it, whichever provider's it is."""
    pieces = cast("AsyncGenerator[AIMessageChunk, None]", model.astream(list(messages)))  # LangChain's type says less
    try:
        async with asyncio.timeout(_LONGEST_TALK), aclosing(pieces):
            reason, length = await _relay(pieces, patience, tell)
        if reason in _CUT_SHORT and not length:
            raise ModelUnavailable(_THOUGHT_TOO_LONG)
        if reason in _NOT_FINISHED and (reason or getattr(model, "_llm_type", "") in _TELL_REASONS):
            raise ModelUnavailable(f"The model broke off ({_NOT_FINISHED[reason]}): ask again, or ask more narrowly.")
        tell(None)
    except Exception as error:  # providers share no base class
        tell(error)


async def _relay(pieces: Any, patience: float, tell: Callable[[str | Exception | None], None]) -> tuple[str, int]:
    """Passes the text on; why the model stopped (an empty string where it did not say), and how many characters came."""
    reason, length = "", 0
    while length < _LONGEST_ANSWER:
        async with asyncio.timeout(patience):
            piece = await anext(pieces, None)
        if piece is None:
            return reason, length
        length += len(text := str(piece.text))
        tell(text)
        reason = next((str(piece.response_metadata[k]) for k in _REASONS if piece.response_metadata.get(k)), reason)
    return "length", length


def _next(heard: SimpleQueue[str | Exception | None]) -> str | Exception | None:
    try:
        return heard.get(timeout=_HEARTBEAT)
    except Empty:
        return ""


@cache
def _loop(process: int) -> asyncio.AbstractEventLoop:
    """The one loop of this process (a fork needs its own): the clients' pooled connections belong to their loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
    return loop


def _own_timeout(model: BaseChatModel) -> float | None:
    own = getattr(model, "request_timeout", None)
    return float(own) if isinstance(own, int | float) else None


def _made(name: str, provider: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        extra = f"dateline-news[{provider}]" if provider in _EXTRAS else f"langchain-{provider}"
        raise MissingExtra(f"The model {provider}:{name}", extra) from error
    except Exception as error:
        if "api_key" in str(error) or "API_KEY" in str(error):
            key = f"{provider.upper()}_API_KEY"
            raise ModelUnavailable(f"{provider}:{name} needs a key: set {key} in the environment.") from error
        if isinstance(error, ValueError) and "provider" in str(error):
            spec = f"{provider}:{name}"
            cure = f"write it as ollama:{spec}, openai:{spec} or anthropic:{spec}"
            raise WrongUse(f"{provider} is no provider that LangChain knows: {cure}.") from error
        raise plain_cause(error) from error


def _offered(port: int, server: str) -> Iterator[LocalModel]:
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        with build_opener(ProxyHandler({})).open(f"{base_url}/models", timeout=_PATIENCE) as reply:
            listed = json.loads(_body(reply)).get("data")
    except (URLError, OSError, ValueError, AttributeError, HTTPException, RecursionError):
        return
    for model in listed if isinstance(listed, list) else []:
        if isinstance(model, dict) and isinstance(model.get("id"), str) and model["id"].strip():
            yield LocalModel(server, f"openai:{model['id']}", base_url)


def _body(reply: HTTPResponse) -> bytes:
    """At most a megabyte, and what comes within a second: a socket's own limit starts anew with every byte."""
    body, until = b"", time.monotonic() + _LONGEST_LIST
    while len(body) < 1_000_000 and time.monotonic() < until and (piece := reply.read1(65_536)):
        body += piece
    return body

"""The chat model: any that LangChain's `init_chat_model` knows, and what already listens on this machine's loopback."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from langchain_core.language_models import BaseChatModel

from .errors import MissingExtra, ModelUnavailable, WrongUse

QUOTING = "quoting"
_EXTRAS = {"ollama": "langchain-ollama", "openai": "langchain-openai", "anthropic": "langchain-anthropic"}
# Ollama, llama.cpp's server, LM Studio, vLLM: all speak the OpenAI form below /v1.
_LOCAL_PORTS = {11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio", 8000: "vLLM"}
_PATIENCE = 0.3  # seconds for a server on this machine to say what it has
_TIMEOUT = 120.0  # seconds without an answer before a model is given up


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that a server on the loopback offers: ``spec`` and ``base_url`` are what `chat_model` takes."""

    server: str
    spec: str
    base_url: str


def chat_model(spec: str | None, base_url: str | None = None) -> BaseChatModel | None:
    """``ollama:llama3.2``, ``openai:gpt-4.1-mini`` (``base_url`` for any compatible server), ``anthropic:…``.

    None for no model (``None``, an empty string or ``quoting``). Raises WrongUse, MissingExtra.
    """
    if not spec or spec == QUOTING:
        return None
    provider, _, name = spec.partition(":")
    if not name:
        raise WrongUse(f"{spec} names no provider: write it as ollama:{spec}, openai:{spec} or anthropic:{spec}.")
    options: dict[str, Any] = {"temperature": 0.0}
    if provider in ("openai", "anthropic"):
        options |= {"timeout": _TIMEOUT, "max_retries": 2}
    if base_url:
        options["base_url"] = base_url
    if provider == "openai" and base_url and is_loopback(base_url):
        options["api_key"] = os.environ.get("OPENAI_API_KEY") or "none"
    return _made(name, provider, options)


def local_models() -> list[LocalModel]:
    """The models of servers that listen on this machine now; nothing outside it is asked."""
    return [model for port, server in _LOCAL_PORTS.items() for model in _offered(port, server)]


def is_loopback(url: str) -> bool:
    host = urlsplit(url if "//" in url else f"http://{url}").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def plain_cause(error: Exception) -> ModelUnavailable:
    """A provider's exception as one line with its cure."""
    text = " ".join(str(error).split())[:200] or type(error).__name__
    status = getattr(error, "status_code", None)
    if status == 401 or "api_key" in text:
        return ModelUnavailable(f"The model refused the key ({text}): set the provider's API key in the environment.")
    if status == 404:
        return ModelUnavailable(f"The server does not know this model ({text}): give a name that it lists.")
    if status == 429:
        return ModelUnavailable(f"The model's server is overrun ({text}): ask again in a minute.")
    return ModelUnavailable(f"The model cannot be reached ({text}): start its server, or ask without a model.")


def _made(name: str, provider: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        extra = f"dateline-news[{provider}]" if provider in _EXTRAS else f"langchain-{provider}"
        raise MissingExtra(f"The model {provider}:{name}", extra) from error
    except ValueError as error:
        raise WrongUse(f"{provider} is no provider that LangChain knows: use ollama:, openai: or anthropic:.") from error
    except Exception as error:  # a provider's own complaint, mostly about a missing key
        raise plain_cause(error) from error


def _offered(port: int, server: str) -> Iterator[LocalModel]:
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        with build_opener(ProxyHandler({})).open(f"{base_url}/models", timeout=_PATIENCE) as reply:
            listed = json.loads(reply.read(1_000_000)).get("data") or []
    except (URLError, OSError, ValueError, AttributeError):
        return
    for model in listed:
        if isinstance(model, dict) and isinstance(model.get("id"), str):
            yield LocalModel(server, f"openai:{model['id']}", base_url)

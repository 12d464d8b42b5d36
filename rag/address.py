"""Web addresses: which ones may be kept, and when two of them name the same page."""

from __future__ import annotations

import posixpath
import re
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w*|at_\w+|mc_[ce]id|[gf]clid|fbclid|gclsrc|dclid|msclkid|yclid|twclid|igshid|ref_\w+|referrer|cmpid|cmp"
    r"|ncid|ocid|smid|smtyp|ito|icid|_ga|_gl|__twitter_impression|spm|sr_share|wt_mc|xtor|partner|taid|guccounter",
    re.IGNORECASE,
)
_MAX_ADDRESS = 2000
_UNSAFE = re.compile(r"[\s<>\"'`\\\x00-\x20\x7f]")
_PORTS = {"http": ":80", "https": ":443"}


def web_address(text: str) -> str:
    """The address as given when it is a whole http or https address, else an empty string."""
    text = text.strip()
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in _PORTS or not parts.hostname:
        return ""
    return "" if len(text) > _MAX_ADDRESS or _UNSAFE.search(text) else text


def untracked(address: str) -> str:
    """The address as given, without the parameters that only tell where a reader came from, and without a fragment."""
    head, mark, query = address.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if not _TRACKING.fullmatch(part.partition("=")[0])]
    return head + mark + "&".join(kept) if any(kept) else head


def canonical(address: str) -> str:
    """One spelling for all addresses of a page: https, a lower-case host without ``www.``, no fragment, no tracking
    parameters, no slash at the end.

    Serves as an identity only; what is shown to readers is the address as given.
    """
    parts = _split(address)
    if parts is None or not parts.hostname:
        return address
    port = f":{parts.port}" if parts.port and f":{parts.port}" != _PORTS.get(parts.scheme.lower()) else ""
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)]
    query = "?" + urlencode(sorted(kept), errors="replace") if kept else ""
    return f"https://{_spelled(parts.hostname)}{port}{_path(parts.path)}{query}"


def _spelled(host: str) -> str:
    """A host in lower case, in ASCII (RFC 5890), without a dot at its end and without ``www.``."""
    host = host.lower().rstrip(".")
    with suppress(UnicodeError):
        host = host.encode("idna").decode()
    return host.removeprefix("www.")


def _path(path: str) -> str:
    """A path by RFC 3986, 6.2.2: every sign that may be written plainly is, dot segments and doubled slashes are gone."""
    whole = posixpath.normpath("/" + path.lstrip("/")) if path.strip("/") else "/"
    return quote(unquote(whole), errors="replace", safe="/:@!$&'()*+,;=~")


def same_site(address: str, other: str) -> bool:
    """Whether both are on one host, or one is on a part of the other's (feeds.example.org, example.org)."""
    a, b = host_of(address), host_of(other)
    return bool(a and b) and (a == b or a.endswith(f".{b}") or b.endswith(f".{a}"))


def host_of(address: str) -> str:
    """The host without ``www.``, or an empty string."""
    parts = _split(address)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.hostname, parts.port
    except ValueError:
        return None
    return parts

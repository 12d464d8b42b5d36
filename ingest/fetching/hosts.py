"""Which hosts may be asked for news: how a host is spelled, and which IP addresses are public.

The lists are IANA's special-purpose registries (RFC 6890 and the pages iana-ipv4-special-registry and
iana-ipv6-special-registry), with three kinds that Python's ``is_global`` lets through: addresses that carry an IPv4
address inside (6to4, NAT64, ISATAP), old relay networks, and the fixed addresses of cloud providers' own services.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from rag.errors import FetchError

_GLOBAL_UNICAST = ip_network("2000::/3")  # all that is handed out of IPv6; mapped, NAT64 and link-local lie outside it
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",  # Azure's wire server: looks public, answers every machine there with its settings
            "2001::/23",         # Teredo, ORCHID, benchmarks and other protocol assignments
            "2001:db8::/32", "2002::/16", "3fff::/20",
        ),
    )
)  # fmt: skip
_INTRANET = tuple(
    map(ip_network, ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)
# Metadata of a machine at Amazon and Google over IPv6: unique local addresses, yet never a newsroom's.
_NEVER = tuple(map(ip_network, ("fd00:ec2::/32", "fd20:ce::/32")))
_ISATAP, _ISATAP_MASK = 0x5EFE, 0xFDFFFFFF  # RFC 5214, 6.1: the four bytes before the IPv4 address inside

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOCAL_NAME = re.compile(
    r"[^.]+|(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|svc|onion|home\.arpa)"
)
_MAX_NAME = 253  # RFC 1035, 2.3.4


def plain_host(host: str) -> str:
    """The one spelling of a host: lower case, ASCII (IDNA 2008), no dot at the end, an IPv6 address in its short form.

    Raises FetchError for everything that a careless library reads as an IP address (``0x7f.1``, ``2130706433``,
    ``017700000001``, ``127.1``, ``[fe80::1%eth0]``) and for names that no name server can know.
    """
    if ":" in host:
        return _plain_ipv6(host)
    name = _ascii(host).removesuffix(".")
    labels = name.split(".")
    if len(name) > _MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise FetchError("this is no host name: check the address.")
    if _NUMBER.fullmatch(labels[-1]) and not is_ip_address(name):
        raise FetchError(f"{name} is an odd spelling of an IP address: write it as four decimal numbers.")
    return name


def is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_local_name(host: str) -> bool:
    """A name that only a machine or its own network knows (RFC 6761, 6762, 8375, 9476 and the customs of routers)."""
    return not is_ip_address(host) and _LOCAL_NAME.fullmatch(host) is not None


def is_public(address: str) -> bool:
    """Can this IP address stand for one server of the public internet, and for nothing else?"""
    ip = ip_address(address)
    if any(ip in net for net in _NOT_PUBLIC if net.version == ip.version):
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global
    return ip.scope_id is None and ip in _GLOBAL_UNICAST and ip.is_global and not _is_isatap(ip)


def is_intranet(address: str) -> bool:
    """Private networks (RFC 1918, RFC 4193) and the loopback; neither link-local nor any address with another inside."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.scope_id is not None:
        return False
    inside, never = (any(ip in net for net in nets if net.version == ip.version) for nets in (_INTRANET, _NEVER))
    return inside and not never


def _is_isatap(ip: IPv6Address) -> bool:
    return (int(ip) >> 32) & _ISATAP_MASK == _ISATAP


def _plain_ipv6(host: str) -> str:
    try:
        ip = IPv6Address(host)
    except ValueError:
        raise FetchError("this is no IPv6 address: check the address.") from None
    if ip.scope_id is not None:
        raise FetchError("an address with a zone is of one machine only: give one that is the same everywhere.")
    return str(ip)


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    import idna  # not the codec of the standard library: that one is IDNA 2003 and sends a German ß to another host

    try:
        return idna.encode(host[: _MAX_NAME + 1], uts46=True).decode("ascii").lower()
    except UnicodeError:
        raise FetchError("this is no host name: check the address.") from None

"""Which hosts may be asked: the list of S6, each refused before any connection, and the public ones let through."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetching.door import Door
from ingest.fetching.exchange import Limits, exchange
from ingest.fetching.fetcher import Fetcher
from ingest.fetching.hop import hop_of
from ingest.fetching.hosts import is_intranet, is_local_name, is_public, plain_host
from rag.errors import FetchError

NAMES = {
    "localtest.example": ["127.0.0.1"], "six.example": ["::1"], "ten.example": ["10.1.2.3"],
    "metadata.example": ["169.254.169.254"], "cgnat.example": ["100.64.1.1"], "zero.example": ["0.0.0.0"],
    "mapped.example": ["::ffff:127.0.0.1"], "mapped-public.example": ["::ffff:93.184.215.14"],
    "sixtofour.example": ["2002:7f00:1::"], "nat64.example": ["64:ff9b::a00:1"], "teredo.example": ["2001:0:1::1"],
    "ula.example": ["fd12:3456::1"], "zone.example": ["fe80::1%eth0"], "many.example": ["8.8.8.8", "192.168.0.1"],
    "last.example": ["2606:4700::1111", "1.1.1.1", "9.9.9.9", "::1"], "wire.example": ["168.63.129.16"],
    "imds6.example": ["fd00:ec2::254"], "multicast.example": ["224.0.0.251"], "nobody.example": [],
    "10.0.0.1.nip.example": ["10.0.0.1"], "isatap.example": ["2606:4700::5efe:a00:1"], "words.example": ["unknown"],
}  # fmt: skip

LOOPBACK = """
127.0.0.1 127.0.0.1. 127.0.0.53 127.1 127.0.1 127.255.255.254 2130706433 017700000001 0x7f000001 0x7f.0.0.1 0x7f.1
0177.0.0.1 0177.1 00000177.0.0.1 127.0.0.0x1 127.000.000.001 0x7F.0x0.0x0.0x1 4294967295 0 0.0.0.0 0.1.2.3 0x0 00 0x
１２７.０.０.１ 127。0。0。1 127｡0｡0｡1 ①②⑦.⓪.⓪.① ⑯⑨。②⑤④。⑯⑨｡②⑤④ [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1]
[::ffff:7f00:1] [::127.0.0.1] [0::1] localhost localhost. LOCALHOST a.localhost localhost.localdomain ⓛocalhost
localhoſt loopback ip6-localhost
""".split()
PRIVATE = """
10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.254 192.168.0.1 192.168.1.254 167772161 0xa000001 012.0.0.1 10.1 0xc0a80001
192.168.257 3232235521 0300.0250.0.1 [fc00::1] [fd00::1] [fd00:ec2::254] [fd20:ce::254] [::ffff:10.0.0.1]
[::ffff:192.168.0.1] [::ffff:c0a8:1] router intranet printer.local nas.lan wiki.corp db.internal metadata.google.internal
home.arpa hub.home.arpa kubernetes.default.svc kubernetes.default.svc.cluster.local x.private y.home z.intranet q.onion
""".split()
SPECIAL = """
169.254.169.254 169.254.170.2 169.254.0.1 2852039166 0xa9fea9fe 0xA9.0xFE.0xA9.0xFE 0251.0376.0251.0376 169.254.43518
169.16689662 [fe80::1] [fe80::1%25eth0] [fe80::1%eth0] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] 100.64.0.1
100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.192 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
192.88.99.1 168.63.129.16 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [ff02::1] [ff0e::1] [100::1] [2001:db8::1]
[2001:db8:85a3::8a2e:370:7334] [3fff::1] [2001:2::1] [2001:10::1] [2001:20::1] [5f00::1] [fec0::1] [4000::1]
""".split()
WRAPPED = """
[2002:7f00:1::] [2002:a00:1::1] [2002:a9fe:a9fe::1] [2002:c0a8:1::] [2002:5db8:d70e::1] [64:ff9b::7f00:1]
[64:ff9b::127.0.0.1] [64:ff9b::10.0.0.1] [64:ff9b::169.254.169.254] [64:ff9b::93.184.215.14] [64:ff9b:1::1]
[2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001::1] [::ffff:0:127.0.0.1] [::ffff:93.184.215.14] [::93.184.215.14]
[2606:4700::5efe:10.0.0.1] [2606:4700::200:5efe:127.0.0.1]
""".split()
BROKEN = """
1.2.3.4.5 1.2.3 256.256.256.256 1.2.3.256 08.8.8.8 8.8.8.010 0x8.8.8.8 134744072 1e3.1 a..b .example example..com
-a.example a-.example %31%32%37.0.0.1 127.0.0.1%00.example exa<mple.com exa^mple.com [::1 [v1.fe80::1] [1.2.3.4] [:::1]
""".split()
LABEL64 = "a" * 64
WHOLE = f"""
file:///etc/passwd file://localhost/etc/passwd ftp://example.org/a data:text/html,hi javascript:alert(1) gopher://example.org/
dict://example.org:11211/ ldap://example.org/ ws://example.org/ jar:http://example.org!/ view-source:http://example.org/
http: http:// http:/// https:///etc http:example.org http:/example.org //example.org/ example.org /etc/passwd
http://user@example.org/ http://user:word@example.org/ http://example.org@127.0.0.1/ http://127.0.0.1@example.org/
http://:@example.org/ http://@example.org/ http://example.org\\@127.0.0.1/ http://127.0.0.1\\.example.org/
http:\\\\example.org/ http://example.org:22/ http://example.org:25/ http://example.org:0/ http://example.org:6379/
http://example.org:11211/ http://example.org:65536/ http://example.org:99999/ http://example.org:-1/ http://example.org:8x/
http://example.org:6667/ http://example.org:3306/ http://example.org:21/ http://example.org:443443/ http://{LABEL64}.example/
http://?a=b http://#x http://:80/ http://[::1]:80:80/ http://[::1]x/ httpx://example.org/ unix:///run/docker.sock
""".split()
TEXT = [
    "http://exam\nple.org/",
    "http://example.org/\r\nHost: x",
    "http://exa\tmple.org/",
    "http://\x00/",
    "http://a b/",
    "",
]
SSRF = (
    [f"http://{host}/latest/meta-data/" for host in LOOPBACK + PRIVATE + SPECIAL + WRAPPED + BROKEN]
    + [f"https://{name}:8443/news" for name in NAMES]
    + WHOLE
    + TEXT
)
PUBLIC = """
1.1.1.1 8.8.8.8 93.184.215.14 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.167.1.1 198.17.0.1 198.20.0.1 11.0.0.1
223.255.255.255 169.253.1.1 2606:4700::1111 2001:4860:4860::8888 2a00:1450:4001:80b::200e 2003::1 2620:fe::fe
""".split()


class Recorder:
    """Stands for the name server and the network: remembers what was asked, and lets no connection come about."""

    def __init__(self, names: dict[str, list[str]] | None = None) -> None:
        self.names = NAMES if names is None else names
        self.asked: list[str] = []
        self.connected: list[str] = []
        self.door = Door(resolve=self.resolve, connect=self.connect)

    def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.names.get(host, [])

    def connect(self, address: str, port: int, seconds: float) -> object:
        self.connected.append(address)
        raise ConnectionRefusedError("this network is made of paper")


def test_the_list_is_long_enough():
    assert len(set(SSRF)) == len(SSRF) >= 200


@pytest.mark.parametrize("address", SSRF, ids=ascii)
def test_no_connection_for(address):
    network = Recorder()
    with pytest.raises(FetchError) as told, Fetcher(door=network.door, delay=0) as fetcher:
        fetcher.fetch(address)
    with pytest.raises(FetchError):  # the hop itself, without the robots.txt that comes first
        exchange(hop_of(address), {}, network.door, Limits(), 5)
    assert network.connected == []
    assert len(str(told.value).splitlines()) == 1
    assert str(told.value).endswith(".")


@pytest.mark.parametrize(
    "host", sorted({*SPECIAL, *WRAPPED, *BROKEN, "[fd00:ec2::254]", "[fd20:ce::254]", "2130706433"})
)
def test_not_even_for_an_intranet(host):
    network = Recorder()
    with pytest.raises(FetchError), Fetcher(allow_private=True, door=network.door, delay=0) as fetcher:
        fetcher.fetch(f"http://{host}/")
    assert network.connected == []


@pytest.mark.parametrize("address", WHOLE + TEXT, ids=ascii)
def test_an_intranet_has_no_other_schemes_and_ports(address):
    network = Recorder()
    with pytest.raises(FetchError), Fetcher(allow_private=True, door=network.door, delay=0) as fetcher:
        fetcher.fetch(address)
    assert network.connected == []


@pytest.mark.parametrize(
    "host", "127.0.0.1 10.0.0.1 172.16.3.4 192.168.0.1 [::1] [fd12::1] localhost wiki nas.lan".split()
)
def test_an_intranet_is_reached_when_asked_for(host):
    network = Recorder({"localhost": ["::1", "127.0.0.1"], "wiki": ["10.0.0.9"], "nas.lan": ["192.168.1.5"]})
    with pytest.raises(FetchError, match="no connection"), Fetcher(allow_private=True, door=network.door) as fetcher:
        fetcher.fetch(f"http://{host}:8080/news")
    assert network.connected


def test_the_cure_is_named_only_where_it_cures():
    for host, cured in {"10.0.0.1": True, "wiki.corp": True, "169.254.169.254": False, "nat64.example": False}.items():
        with pytest.raises(FetchError) as told:
            Fetcher(door=Recorder().door).fetch(f"http://{host}/")
        assert ("--allow-private" in str(told.value)) is cured, told.value


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_passes_and_is_the_one_connected_to(address):
    network = Recorder({"news.example": [address]})
    assert is_public(address)
    assert not is_intranet(address)
    with pytest.raises(FetchError, match="no connection to news.example"):
        exchange(hop_of("https://news.example/a"), {}, network.door, Limits(), 5)
    assert network.connected == [address]
    assert network.asked == ["news.example"]


def test_a_name_that_means_another_machine_a_moment_later_leads_nowhere():
    """Rebinding: each connection goes to what its one question was answered, and the second answer is checked like the
    first."""
    network, answers = Recorder(), [["93.184.215.14"], ["127.0.0.1"]]
    network.resolve = lambda host, port: network.asked.append(host) or answers.pop(0)
    door = Door(resolve=network.resolve, connect=network.connect)
    hop = hop_of("http://rebind.example/")
    with pytest.raises(FetchError, match="no connection"):
        exchange(hop, {}, door, Limits(), 5)
    assert (network.asked, network.connected) == (["rebind.example"], ["93.184.215.14"])
    with pytest.raises(FetchError, match="not a public address"):
        exchange(hop, {}, door, Limits(), 5)
    assert network.connected == ["93.184.215.14"]


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("zeitung.faß.example", "zeitung.xn--fa-hia.example"),
        ("НОВОСТИ.example", "xn--b1amnebsh.example"),
        ("2606:4700:0:0::1111", "2606:4700::1111"),
        ("a_b.example", "a_b.example"),
    ],
)
def test_one_spelling(given, plain):
    assert plain_host(given) == plain


@pytest.mark.parametrize("address", TEXT, ids=ascii)
def test_no_letter_is_dropped_in_silence(address):
    """urlsplit alone takes tabs and line ends out of an address."""
    with pytest.raises(FetchError):
        hop_of(address)


@given(st.integers(0, 2**32 - 1))
def test_what_python_calls_private_is_never_public_4(number):
    ip = IPv4Address(number)
    assert not (is_public(str(ip)) and (ip.is_private or ip.is_multicast or ip.is_reserved or not ip.is_global))


@given(st.integers(0, 2**128 - 1) | st.sampled_from([0x20010000, 0x20020000, 0x0064FF9B]).map(lambda head: head << 96))
def test_what_python_calls_private_is_never_public_6(number):
    ip = IPv6Address(number)
    assert not (
        is_public(str(ip)) and (ip.is_private or ip.is_multicast or ip.sixtofour or ip.teredo or ip.ipv4_mapped)
    )
    assert not (is_public(str(ip)) and ip in ip_network("64:ff9b::/96"))


@given(st.text(max_size=40))
def test_any_text_is_taken_apart_or_refused(text):
    for address in (text, f"http://{text}/", f"http://example.org/{text}"):
        try:
            hop = hop_of(address)
        except FetchError:
            continue
        assert hop.address.isascii()
        assert hop_of(hop.address) == hop
        assert plain_host(hop.host) == hop.host
        assert not is_local_name(hop.host) or "." not in hop.host or hop.host.rsplit(".", 1)[-1].isalpha()
